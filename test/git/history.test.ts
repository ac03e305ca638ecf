// Which commits are judged, on real histories, and what is read of a commit and of its tree.
import { rm } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { commitsAfter, isAncestor, mergedCommits, readCommits, treesUnder } from '../../src/git/history.ts';
import { Mirror } from '../../src/git/mirror.ts';
import { parseGitSource } from '../../src/git/source.ts';
import { type TreeFile, TreeReader } from '../../src/git/tree.ts';
import { GitRepository, temporaryFolder } from '../support/git-repository.ts';

let repository: GitRepository;
let stateFolder: string;
let mirror: Mirror;

beforeEach(async () => {
  repository = await GitRepository.create();
  stateFolder = await temporaryFolder('halyard-mirror-');
  const source = parseGitSource(repository.folder, '/');
  mirror = new Mirror({ source, branch: 'HEAD', stateFolder, inherited: process.env });
});

afterEach(async () => {
  await repository[Symbol.asyncDispose]();
  await rm(stateFolder, { recursive: true, force: true, maxRetries: 5 });
});

async function subjectsAfter(base: string): Promise<string[]> {
  const head = await mirror.fetchHead();
  const commits = await mirror.ask(async (store) =>
    readCommits(store, await commitsAfter(store, base, head)),
  );
  return commits.map(({ subject }) => subject);
}

describe('the commits to judge', () => {
  test('are the first parents after the base, oldest first', async () => {
    const base = await repository.commit('base');
    await repository.commit('one');
    await repository.git('checkout', '-q', '-b', 'side');
    await repository.commit('on a branch');
    await repository.git('checkout', '-q', 'main');
    await repository.commit('two');
    await repository.git('merge', '-q', '--no-ff', '-m', 'merge', 'side');
    expect(await subjectsAfter(base)).toEqual(['one', 'two', 'merge']);
  });

  test('are none at the base itself', async () => {
    expect(await subjectsAfter(await repository.commit('base'))).toEqual([]);
  });

  test('leave out what a foxtrot merge puts before the base, and keep the merge', async () => {
    const fork = await repository.commit('fork');
    const base = await repository.commit('base');
    await repository.git('checkout', '-q', '-b', 'side', fork);
    await repository.commit('never a state of main');
    await repository.git('merge', '-q', '--no-ff', '-m', 'foxtrot', 'main');
    expect(await subjectsAfter(base)).toEqual(['foxtrot']);
  });

  test('include a foxtrot merge that reaches the base through its second parent’s history alone', async () => {
    const fork = await repository.commit('fork');
    const base = await repository.commit('base');
    await repository.commit('after the base');
    await repository.git('checkout', '-q', '-b', 'side', fork);
    await repository.commit('never a state of main');
    await repository.git('merge', '-q', '--no-ff', '-m', 'foxtrot', 'main');
    await repository.commit('on top');
    expect(await subjectsAfter(base)).toEqual(['foxtrot', 'on top']);
  });

  test('of a foxtrot merge that was forked after the base are judged in order', async () => {
    const base = await repository.commit('base');
    await repository.git('checkout', '-q', '-b', 'side');
    await repository.commit('side');
    await repository.git('checkout', '-q', 'main');
    await repository.commit('main');
    await repository.git('checkout', '-q', 'side');
    await repository.git('merge', '-q', '--no-ff', '-m', 'foxtrot', 'main');
    expect(await subjectsAfter(base)).toEqual(['side', 'foxtrot']);
  });
});

test('a commit that was amended away is no ancestor, nor is one that the mirror never had', async () => {
  const base = await repository.commit('base');
  const gone = await repository.commit('gone');
  await mirror.fetchHead();
  await repository.git('reset', '-q', '--hard', base);
  const head = await repository.commit('instead');
  await mirror.fetchHead();
  const ask = (commit: string) => mirror.ask((store) => isAncestor(store, commit, head));
  expect(await ask(base)).toBe(true);
  expect(await ask(head)).toBe(true);
  expect(await ask(gone)).toBe(false);
  expect(await ask('0123456789012345678901234567890123456789')).toBe(false);
});

test('a commit is read with its identity, its times and its parents', async () => {
  const parent = await repository.commit('parent');
  const id = await repository.commit(
    'Raise the ramp (#42)',
    {},
    { author: 'Zoë Ĝ <z@example.com>', at: 1_600_000_000 },
  );
  await mirror.fetchHead();
  const [commit] = await mirror.ask((store) => readCommits(store, [id]));
  expect(commit).toEqual({
    id,
    tree: await repository.git('rev-parse', 'HEAD^{tree}'),
    parents: [parent],
    author: 'Zoë Ĝ <z@example.com>',
    committer: 'Cole Committer <cole@example.com>',
    committedAt: '2023-11-14T22:13:22Z',
    subject: 'Raise the ramp (#42)',
    pullRequest: 42,
  });
});

describe('the tree under a path', () => {
  const limits = { fileBytes: 100, files: 10, folderBytes: 500 };
  const isYaml = (path: string) => path.endsWith('.yaml');

  async function filesUnder(path: string, reader = new TreeReader(limits, isYaml)): Promise<TreeFile[]> {
    const head = await mirror.fetchHead();
    return mirror.ask(async (store) => {
      const [tree] = await treesUnder(store, [head], path);
      return reader.read(store, tree);
    });
  }

  const text = (file: TreeFile | undefined) =>
    file?.kind === 'file' ? Buffer.from(file.content).toString() : undefined;

  test('holds the wanted files, with paths relative to it', async () => {
    await repository.commit('one', {
      'flags/a.yaml': 'a',
      'flags/deep/b c.yaml': 'b',
      'flags/read.me': 'x',
      'c.yaml': 'c',
    });
    const files = await filesUnder('flags');
    expect(files.map(({ path }) => path)).toEqual(['a.yaml', 'deep/b c.yaml']);
    expect(files.map(text)).toEqual(['a', 'b']);
    expect((await filesUnder('')).map(({ path }) => path)).toEqual([
      'c.yaml',
      'flags/a.yaml',
      'flags/deep/b c.yaml',
    ]);
  });

  test('is empty where the path is missing or a file', async () => {
    await repository.commit('one', { 'flags.yaml': 'a' });
    expect(await filesUnder('flags')).toEqual([]);
    expect(await filesUnder('flags.yaml')).toEqual([]);
  });

  test('reports links, submodules and oversized files without reading them', async () => {
    await repository.edit('flags/big.yaml', 'x'.repeat(101));
    const commit = await repository.commit('one');
    const blob = await repository.git('rev-parse', 'HEAD:flags/big.yaml');
    await repository.git('update-index', '--add', '--cacheinfo', `120000,${blob},flags/link`);
    await repository.git('update-index', '--add', '--cacheinfo', `160000,${commit},flags/module`);
    await repository.git('commit', '-q', '-m', 'two');
    expect(await filesUnder('flags')).toEqual([
      { path: 'big.yaml', kind: 'oversized', sizeBytes: 101 },
      { path: 'link', kind: 'link' },
      { path: 'module', kind: 'submodule' },
    ]);
  });

  test('reads an executable file as any other, and a name that is not UTF-8 with U+FFFD', async () => {
    await repository.edit('flags/run.yaml', 'run');
    await repository.git('add', '.');
    await repository.git('update-index', '--chmod=+x', 'flags/run.yaml');
    await repository.git('commit', '-q', '-m', 'one');
    const blob = await repository.git('rev-parse', 'HEAD:flags/run.yaml');
    await repository.pipe(
      ['update-index', '-z', '--index-info'],
      Buffer.from(`100644 ${blob}\tflags/caf\xe9.yaml\0`, 'latin1'),
    );
    await repository.git('commit', '-q', '-m', 'two');
    const files = await filesUnder('flags');
    expect(files.map(({ path }) => path)).toEqual(['caf\ufffd.yaml', 'run.yaml']);
    expect(files.map(text)).toEqual(['run', 'run']);
  });

  test('with too many files is listed and not read', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 11 }, (_, index) => [`flags/${index}.yaml`, 'content']),
    );
    await repository.commit('one', many);
    const files = await filesUnder('flags');
    expect(files).toHaveLength(11);
    expect(new Set(files.map(text))).toEqual(new Set(['']));
  });

  test('with too many bytes is read until that shows', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 9 }, (_, index) => [`flags/${index}.yaml`, `${index}`.repeat(80)]),
    );
    await repository.commit('one', many);
    const sizes = (await filesUnder('flags')).map((file) => text(file)?.length);
    expect(sizes).toEqual([80, 80, 80, 80, 80, 80, 80, 0, 0]);
  });

  test('is read again only where it changed', async () => {
    const reader = new TreeReader(limits, isYaml);
    await repository.commit('one', { 'flags/a.yaml': 'a', 'flags/b.yaml': 'b' });
    const [before] = await filesUnder('flags', reader);
    await repository.commit('two', { 'flags/b.yaml': 'B' });
    const [after, changed] = await filesUnder('flags', reader);
    expect(text(changed)).toBe('B');
    // The very same bytes object: nobody has read that blob a second time.
    if (before?.kind !== 'file' || after?.kind !== 'file') throw new Error('expected files');
    expect(after.content).toBe(before.content);
  });
});

describe('the commits that a merge brings in', () => {
  async function broughtIn(path: string, limit = 10): Promise<{ subjects: string[]; more: number }> {
    const head = await mirror.fetchHead();
    return mirror.ask(async (store) => {
      const { commits, more } = await mergedCommits(store, head, path, limit);
      return { subjects: (await readCommits(store, commits)).map(({ subject }) => subject), more };
    });
  }

  async function mergeOf(branch: () => Promise<void>): Promise<void> {
    await repository.commit('base', { 'flags/a.yaml': 'a' });
    await repository.git('checkout', '-q', '-b', 'side');
    await branch();
    await repository.git('checkout', '-q', 'main');
    await repository.commit('on main', { 'flags/main.yaml': 'm' });
    await repository.git('merge', '-q', '--no-ff', '-m', 'merge', 'side');
  }

  test('are those of the other branch that touch the path, the nearest first', async () => {
    await mergeOf(async () => {
      await repository.commit('one', { 'flags/a.yaml': 'A' });
      await repository.commit('elsewhere', { 'other/a.yaml': 'A' });
      await repository.commit('two', { 'flags/b.yaml': 'b' });
    });
    expect(await broughtIn('flags')).toEqual({ subjects: ['two', 'one'], more: 0 });
    expect(await broughtIn('')).toEqual({ subjects: ['two', 'elsewhere', 'one'], more: 0 });
  });

  test('hold what was undone before the merge', async () => {
    await mergeOf(async () => {
      await repository.commit('done', { 'flags/a.yaml': 'A' });
      await repository.commit('undone', { 'flags/a.yaml': 'a' });
    });
    expect((await broughtIn('flags')).subjects).toEqual(['undone', 'done']);
  });

  test('hold what a merge among them let go of', async () => {
    await mergeOf(async () => {
      await repository.git('checkout', '-q', '-b', 'attempt');
      await repository.commit('attempt', { 'flags/a.yaml': 'A' });
      await repository.git('checkout', '-q', 'side');
      await repository.commit('elsewhere', { 'other.txt': 'x' });
      await repository.git('merge', '-q', '--no-ff', '-s', 'ours', '-m', 'let go', 'attempt');
    });
    expect((await broughtIn('flags')).subjects).toContain('attempt');
  });

  test('come from every other parent, and are counted above the limit', async () => {
    const base = await repository.commit('base');
    for (const branch of ['x', 'y', 'z']) {
      await repository.git('checkout', '-q', '-b', branch, base);
      await repository.commit(`${branch}1`, { [`flags/${branch}.yaml`]: '1' });
      await repository.commit(`${branch}2`, { [`flags/${branch}.yaml`]: '2' });
    }
    await repository.git('checkout', '-q', 'x');
    await repository.git('merge', '-q', '--no-ff', '-m', 'octopus', 'y', 'z');
    expect((await broughtIn('flags')).subjects.toSorted()).toEqual(['y1', 'y2', 'z1', 'z2']);
    const { subjects, more } = await broughtIn('flags', 3);
    expect(subjects).toHaveLength(3);
    expect(more).toBe(1);
  });

  test('are none for a commit that is no merge, and for the first one', async () => {
    await repository.commit('base', { 'flags/a.yaml': 'a' });
    expect(await broughtIn('flags')).toEqual({ subjects: [], more: 0 });
    await repository.commit('next', { 'flags/a.yaml': 'b' });
    expect(await broughtIn('flags')).toEqual({ subjects: [], more: 0 });
  });

  test('are found by a path that is a pattern elsewhere', async () => {
    await mergeOf(async () => {
      await repository.commit('named so', { '*/a.yaml': 'A' });
      await repository.commit('not named so', { 'x/a.yaml': 'A' });
    });
    expect((await broughtIn('*')).subjects).toEqual(['named so']);
  });
});
