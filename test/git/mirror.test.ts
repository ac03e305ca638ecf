// The mirror against real repositories: fetching, what moves a head, and what happens when either side breaks.
import { chown, cp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readCommits } from '../../src/git/history.ts';
import { Mirror } from '../../src/git/mirror.ts';
import { parseGitSource } from '../../src/git/source.ts';
import { GitRepository, temporaryFolder } from '../support/git-repository.ts';

let repository: GitRepository;
let stateFolder: string;

beforeEach(async () => {
  repository = await GitRepository.create();
  stateFolder = await temporaryFolder('halyard-mirror-');
});

afterEach(async () => {
  await repository[Symbol.asyncDispose]();
  await rm(stateFolder, { recursive: true, force: true, maxRetries: 5 });
});

function mirrorOf(repo: string, branch = 'main'): Mirror {
  const source = parseGitSource(repo, process.cwd());
  return new Mirror({ source, branch, stateFolder, inherited: process.env });
}

async function mirrorFolder(): Promise<string> {
  const name = (await readdir(stateFolder)).find((entry) => entry.endsWith('.git'));
  return join(stateFolder, name ?? '');
}

describe('fetching the head', () => {
  test('follows the branch, forwards and backwards', async () => {
    const mirror = mirrorOf(repository.folder);
    const first = await repository.commit('one', { 'a.txt': '1' });
    expect(await mirror.fetchHead()).toBe(first);
    const second = await repository.commit('two', { 'a.txt': '2' });
    expect(await mirror.fetchHead()).toBe(second);
    await repository.git('reset', '--hard', first);
    expect(await mirror.fetchHead()).toBe(first);
  });

  test('leaves the mirror alone while the head has not moved', async () => {
    const mirror = mirrorOf(repository.folder);
    const head = await repository.commit('one');
    await mirror.fetchHead();
    // Were git to fetch, this broken configuration would make it fail.
    await writeFile(join(await mirrorFolder(), 'config'), '[broken');
    expect(await mirror.fetchHead()).toBe(head);
  });

  test.each([
    [
      'a bare repository',
      async () => repository.git('clone', '--bare', '--quiet', '.', 'bare.git'),
      'bare.git',
    ],
    [
      'a linked work tree',
      async () => repository.git('worktree', 'add', '-q', '-b', 'side', 'linked', 'main'),
      'linked',
    ],
    ['a folder inside a work tree', async () => repository.edit('deep/er/file', ''), 'deep/er'],
  ])('reads %s', async (_, make, path) => {
    const head = await repository.commit('one');
    await make();
    expect(await mirrorOf(join(repository.folder, path)).fetchHead()).toBe(head);
  });

  test('reads a relative path and a file URL', async () => {
    const head = await repository.commit('one');
    const relative = parseGitSource('.', repository.folder);
    expect(
      await new Mirror({ source: relative, branch: 'main', stateFolder, inherited: process.env }).fetchHead(),
    ).toBe(head);
    expect(await mirrorOf(`file://${repository.folder}`).fetchHead()).toBe(head);
  });

  test('reads a detached HEAD when the branch is HEAD', async () => {
    const first = await repository.commit('one');
    await repository.commit('two');
    await repository.git('checkout', '--quiet', '--detach', first);
    expect(await mirrorOf(repository.folder, 'HEAD').fetchHead()).toBe(first);
  });

  test('reads a shallow clone', async () => {
    await repository.commit('one');
    const head = await repository.commit('two');
    await repository.git('clone', '--quiet', '--depth=1', `file://${repository.folder}`, 'shallow');
    const mirror = mirrorOf(join(repository.folder, 'shallow'));
    expect(await mirror.fetchHead()).toBe(head);
    const [commit] = await mirror.ask((store) => readCommits(store, [head]));
    expect(commit?.subject).toBe('two');
  });

  test('reads a repository with SHA-256 object names', async () => {
    await using other = await GitRepository.create({ objectFormat: 'sha256' });
    const head = await other.commit('one');
    expect(head).toHaveLength(64);
    expect(await mirrorOf(other.folder).fetchHead()).toBe(head);
  });

  test.runIf(process.getuid?.() === 0)('reads a repository that belongs to another user', async () => {
    const head = await repository.commit('one');
    await repository.git('clone', '--bare', '--quiet', '.', 'bare.git');
    await repository.git('worktree', 'add', '-q', '-b', 'side', 'linked', 'main');
    for (const path of await readdir(repository.folder, { recursive: true }))
      await chown(join(repository.folder, path), 65534, 65534);
    await chown(repository.folder, 65534, 65534);
    expect(await mirrorOf(repository.folder).fetchHead()).toBe(head);
    expect(await mirrorOf(join(repository.folder, 'bare.git')).fetchHead()).toBe(head);
    expect(await mirrorOf(join(repository.folder, 'linked')).fetchHead()).toBe(head);
  });
});

describe('a repository that is not as it should be', () => {
  test('says that the folder, the repository, the branch or the commit is missing', async () => {
    const nowhere = join(stateFolder, 'nowhere');
    await expect(mirrorOf(nowhere).fetchHead()).rejects.toMatchObject({
      name: 'UnreachableError',
      message: `There is no folder ${nowhere}.`,
    });
    await expect(mirrorOf('/').fetchHead()).rejects.toThrow('/ is not in a git repository.');
    await expect(mirrorOf(repository.folder, 'HEAD').fetchHead()).rejects.toThrow('has no commit yet.');
    await repository.commit('one');
    await expect(mirrorOf(repository.folder, 'release').fetchHead()).rejects.toThrow(
      'has no branch release.',
    );
  });

  test('is found again when it comes back', async () => {
    const head = await repository.commit('one');
    const mirror = mirrorOf(repository.folder);
    await mirror.fetchHead();
    await repository.away(async () => {
      await expect(mirror.fetchHead()).rejects.toMatchObject({ code: 'git' });
    });
    expect(await mirror.fetchHead()).toBe(head);
  });

  test('a URL that does not answer is named without its secrets', async () => {
    const mirror = mirrorOf('https://user:hunter2@127.0.0.1:1/acme/flags.git?token=hunter2');
    const error = await mirror.fetchHead().then(
      () => undefined,
      (caught: unknown) => caught,
    );
    expect(error).toMatchObject({ name: 'UnreachableError', code: 'git' });
    expect(String(error)).toContain('https://127.0.0.1:1/acme/flags.git');
    expect(JSON.stringify(error) + String(error) + String((error as Error).cause)).not.toContain('hunter2');
  });

  test('an aborted fetch ends with the reason of the abort', async () => {
    await repository.commit('one');
    const stop = new AbortController();
    stop.abort(new Error('enough'));
    await expect(mirrorOf(repository.folder).fetchHead(stop.signal)).rejects.toThrow('enough');
  });
});

describe('a mirror that is broken', () => {
  test('is made again when it has vanished', async () => {
    const head = await repository.commit('one');
    const mirror = mirrorOf(repository.folder);
    await mirror.fetchHead();
    await rm(await mirrorFolder(), { recursive: true });
    await expect(mirror.ask((store) => readCommits(store, [head]))).rejects.toThrow();
    expect(await mirror.fetchHead()).toBe(head);
    expect(await mirror.ask((store) => readCommits(store, [head]))).toHaveLength(1);
  });

  test('is made again when its objects are damaged', async () => {
    const head = await repository.commit('one');
    await mirrorOf(repository.folder).fetchHead();
    const objects = join(await mirrorFolder(), 'objects');
    for (const entry of await readdir(objects, { recursive: true, withFileTypes: true })) {
      if (entry.isFile()) await truncate(join(entry.parentPath, entry.name), 3).catch(() => {});
    }
    const mirror = mirrorOf(repository.folder);
    await expect(
      mirror.fetchHead().then(() => mirror.ask((store) => readCommits(store, [head]))),
    ).resolves.toBeDefined();
  });

  test('is made again when a killed git left its lock', async () => {
    await repository.commit('one');
    const mirror = mirrorOf(repository.folder);
    await mirror.fetchHead();
    const folder = await mirrorFolder();
    const [ref] = await readdir(join(folder, 'refs/halyard/head'));
    await writeFile(join(folder, `refs/halyard/head/${ref}.lock`), '');
    const head = await repository.commit('two');
    expect(await mirror.fetchHead()).toBe(head);
  });

  test('never leads git to the repository that its folder lies in', async () => {
    const head = await repository.commit('one');
    await rm(stateFolder, { recursive: true });
    stateFolder = join(repository.folder, 'state');
    const mirror = mirrorOf(repository.folder);
    await mirror.fetchHead();
    await rm(join(await mirrorFolder(), 'objects'), { recursive: true });
    await expect(mirror.pin(head, undefined)).rejects.toThrow();
    await expect(mirror.ask((store) => readCommits(store, [head]))).rejects.toThrow();
    expect(await repository.git('for-each-ref', 'refs/halyard')).toBe('');
  });
});

test('pinned commits stay in the mirror, and one takes the place of another', async () => {
  const mirror = mirrorOf(repository.folder);
  const first = await repository.commit('one');
  await mirror.fetchHead();
  await mirror.pin(first, undefined);
  const second = await repository.commit('two');
  await mirror.fetchHead();
  await mirror.pin(second, first);
  await mirror.pin(second, first);
  const refs = await readdir(join(await mirrorFolder(), 'refs/halyard/judged'));
  expect(refs).toEqual([second]);
});

test('the user’s own git configuration and replaced objects do not count', async () => {
  const original = await repository.commit('one', { 'a.txt': 'original' });
  const other = await repository.commit('other', { 'a.txt': 'other' });
  await repository.git('replace', original, other);
  await repository.git('reset', '--hard', '-q', original);
  const home = join(stateFolder, 'home');
  await cp(repository.folder, home, { recursive: true });
  await writeFile(join(home, '.gitconfig'), '[url "file:///nowhere/"]\n\tinsteadOf = /\n');
  const source = parseGitSource(repository.folder, '/');
  const inherited = {
    ...process.env,
    HOME: home,
    GIT_CONFIG_GLOBAL: join(home, '.gitconfig'),
    GIT_DIR: '/nowhere',
  };
  const mirror = new Mirror({ source, branch: 'main', stateFolder, inherited });
  expect(await mirror.fetchHead()).toBe(original);
  const [commit] = await mirror.ask((store) => readCommits(store, [original]));
  expect(commit?.subject).toBe('one');
  expect(
    await readFile(
      join(stateFolder, (await readdir(stateFolder)).find((name) => name.endsWith('.gitconfig')) ?? ''),
      'utf8',
    ),
  ).toContain(repository.folder);
});
