// A mirror of a URL leaves files out until they are read, and then fetches them all at once; on git's own server.
import { execFile } from 'node:child_process';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { hasCommit, mergedCommits, treesUnder } from '../../src/git/history.ts';
import { Mirror } from '../../src/git/mirror.ts';
import { verifyCommits } from '../../src/git/signatures.ts';
import { parseGitSource } from '../../src/git/source.ts';
import { type TreeFile, TreeReader } from '../../src/git/tree.ts';
import { canServeGit, type GitHttpsServer, serveGit } from '../support/git-https-server.ts';
import { GitRepository, temporaryFolder } from '../support/git-repository.ts';
import { makeSshKey } from '../support/signing.ts';

const TOKEN = 'hunter2hunter2';
const LIMITS = { fileBytes: 1_000, files: 100, folderBytes: 10_000 };
const FILES = Array.from({ length: 20 }, (_, n) => `flags/${n}.yaml`);

let repository: GitRepository;
let stateFolder: string;
const reader = () => new TreeReader(LIMITS, (path) => path.endsWith('.yaml'));

beforeEach(async () => {
  repository = await GitRepository.create();
  stateFolder = await temporaryFolder('halyard-partial-');
});

afterEach(async () => {
  await repository[Symbol.asyncDispose]();
  await rm(stateFolder, { recursive: true, force: true, maxRetries: 5 });
});

async function mirrorOf(server: GitHttpsServer): Promise<Mirror> {
  const tokenFile = join(stateFolder, 'token');
  await writeFile(tokenFile, TOKEN);
  return new Mirror({
    source: parseGitSource(server.url, '/'),
    branch: 'main',
    stateFolder,
    credentials: { tokenFile },
    inherited: { ...process.env, GIT_SSL_CAINFO: server.certificateFile },
  });
}

/** A commit with twenty definitions, something large beside them, and a submodule, whose file git itself looks at. */
async function commitFiles(): Promise<string> {
  const module = '[submodule "m"]\n\tpath = m\n\turl = ../m\n';
  return repository.commit('one', {
    ...Object.fromEntries(FILES.map((path) => [path, `content of ${path}`])),
    'flags/read.me': 'not a definition',
    'large.bin': 'x'.repeat(100_000),
    '.gitmodules': module,
  });
}

async function filesOf(mirror: Mirror, reads: TreeReader, path = 'flags'): Promise<TreeFile[]> {
  const head = await mirror.fetchHead();
  return mirror.ask(async (store) => {
    const [tree] = await treesUnder(store, [head], path);
    return reads.read(store, tree);
  });
}

const text = (file: TreeFile | undefined) =>
  file?.kind === 'file' ? Buffer.from(file.content).toString() : undefined;

/** Whether the mirror has an object, by a look that fetches nothing. */
async function hasObject(name: string): Promise<boolean> {
  const oid = await repository.git('rev-parse', name);
  const folder = (await readdir(stateFolder)).find((entry) => entry.endsWith('.git')) ?? '';
  const cwd = join(stateFolder, folder);
  const { stdout } = await promisify(execFile)(
    'git',
    ['cat-file', '--batch-all-objects', '--batch-check=%(objectname)'],
    { cwd },
  );
  return stdout.split('\n').includes(oid);
}

describe.runIf(canServeGit())('a repository that can leave files out', () => {
  beforeEach(async () => {
    await repository.git('config', 'uploadpack.allowFilter', 'true');
  });

  test('is fetched without them, and a tree’s files come in one fetch', async () => {
    await using server = await serveGit(repository.folder, stateFolder, TOKEN);
    await commitFiles();
    const mirror = await mirrorOf(server);
    await mirror.fetchHead();
    expect([await hasObject('HEAD:flags/0.yaml'), await hasObject('HEAD:large.bin')]).toEqual([false, false]);
    const [first, reads] = [server.packs, reader()];
    const files = await filesOf(mirror, reads);
    expect(files.map(text).toSorted()).toEqual(FILES.map((path) => `content of ${path}`).toSorted());
    expect(server.packs).toBe(first + 1);
    expect([await hasObject('HEAD:large.bin'), await hasObject('HEAD:flags/read.me')]).toEqual([
      false,
      false,
    ]);

    await repository.commit('two', { 'flags/0.yaml': 'changed', 'large.bin': 'y'.repeat(100_000) });
    expect((await filesOf(mirror, reads)).map(text)).toContain('changed');
    expect(server.packs).toBe(first + 3);
    expect(await hasObject('HEAD:large.bin')).toBe(false);
  });

  test('tells what a merge brings in, and who signed it, without a file', async () => {
    await using server = await serveGit(repository.folder, stateFolder, TOKEN);
    const { file, fingerprint } = await makeSshKey(stateFolder, 'key');
    await commitFiles();
    await repository.git('checkout', '-q', '-b', 'side');
    const signing = ['-c', 'gpg.format=ssh', '-c', `user.signingkey=${file}`];
    await repository.edit('flags/0.yaml', 'changed');
    await repository.git(...signing, 'commit', '-q', '-S', '-a', '-m', 'signed');
    const side = await repository.head();
    await repository.git('checkout', '-q', 'main');
    await repository.git('merge', '-q', '--no-ff', '-m', 'merge', 'side');
    const mirror = await mirrorOf(server);
    const [head, packs] = [await mirror.fetchHead(), server.packs];
    const answers = await mirror.ask(async (store) => {
      const { commits } = await mergedCommits(store, head, 'flags', 10);
      return [commits, await verifyCommits(store, [...commits, head], { ssh: [], openpgp: [] })];
    });
    expect(answers).toEqual([[side], [{ status: 'holds', fingerprint }, { status: 'unsigned' }]]);
    expect(server.packs).toBe(packs);
  });

  test('tells what is not there from what was left out', async () => {
    await using server = await serveGit(repository.folder, stateFolder, TOKEN);
    await commitFiles();
    const mirror = await mirrorOf(server);
    const [head, first] = [await mirror.fetchHead(), server.packs];
    expect(await mirror.ask((store) => hasCommit(store, '1'.repeat(40)))).toBe(false);
    expect(await mirror.ask((store) => treesUnder(store, [head], 'large.bin'))).toEqual([undefined]);
    expect(await mirror.ask((store) => treesUnder(store, [head], 'nowhere'))).toEqual([undefined]);
    expect(server.packs).toBe(first);
  });

  test('is mirrored whole where it hands out no file by its name', async () => {
    await using server = await serveGit(repository.folder, stateFolder, TOKEN, 0);
    await commitFiles();
    const mirror = await mirrorOf(server);
    await expect(filesOf(mirror, reader())).rejects.toThrow();
    expect(await filesOf(mirror, reader())).toHaveLength(FILES.length);
    expect(await hasObject('HEAD:large.bin')).toBe(true);
    // The next sync finds the mirror whole, and does not begin anew.
    expect(await filesOf(await mirrorOf(server), reader())).toHaveLength(FILES.length);
  });
});

test.runIf(canServeGit())('a repository that cannot leave files out is mirrored whole', async () => {
  await using server = await serveGit(repository.folder, stateFolder, TOKEN);
  await commitFiles();
  const mirror = await mirrorOf(server);
  expect(await filesOf(mirror, reader())).toHaveLength(FILES.length);
  expect(await hasObject('HEAD:large.bin')).toBe(true);
});
