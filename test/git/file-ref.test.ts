// Files in a ref of a real repository: written on top of each other, read back, and never lost or forced.
import { execFile } from 'node:child_process';
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FileRef } from '../../src/git/file-ref.ts';
import { parseGitSource } from '../../src/git/source.ts';
import { UnreachableError } from '../../src/lib/errors.ts';
import { GitRepository, temporaryFolder } from '../support/git-repository.ts';

const REF = 'refs/halyard/checkpoints';
let repository: GitRepository;
let states: string[];

beforeEach(async () => {
  repository = await GitRepository.create();
  await repository.commit('First', { 'a.txt': 'a' });
  states = [];
});
afterEach(async () => {
  await repository[Symbol.asyncDispose]();
  for (const state of states) await rm(state, { recursive: true, force: true });
});

/** One service's view of the ref, with a copy of its own. */
async function open(repo = repository.folder): Promise<FileRef> {
  const stateFolder = await temporaryFolder('halyard-state-');
  states.push(stateFolder);
  return new FileRef({
    source: parseGitSource(repo, '/'),
    ref: REF,
    stateFolder,
    inherited: process.env,
  });
}

async function put(ref: FileRef, name: string, text: string): Promise<void> {
  await ref.fetch();
  await ref.write({ name, text, message: `${name}: ${text}`, atSeconds: 1_700_000_000 });
}

test('a file is a commit on top of the last one, beside the files of others, by halyard', async () => {
  const ref = await open();
  await put(ref, 'acme%2Fshop.json', 'one');
  await put(await open(), 'acme%2Fother.json', 'other');
  await put(ref, 'acme%2Fshop.json', 'two');
  expect((await repository.git('ls-tree', '--name-only', REF)).split('\n')).toEqual([
    'acme%2Fother.json',
    'acme%2Fshop.json',
  ]);
  expect(await repository.git('log', '--format=%an <%ae> %cn %ct %s', REF)).toBe(
    ['acme%2Fshop.json: two', 'acme%2Fother.json: other', 'acme%2Fshop.json: one']
      .map((subject) => `halyard <halyard@localhost> halyard 1700000000 ${subject}`)
      .join('\n'),
  );
  await repository.git('fsck', '--strict');
});

test('what is there is read as of the last fetch, and its history whole', async () => {
  const ref = await open();
  await ref.fetch();
  expect([await ref.read('x'), await ref.history()]).toEqual([undefined, []]);
  for (const text of ['one', 'two', 'three']) await put(await open(), 'x', text);
  expect(await ref.read('x')).toBeUndefined();
  await ref.fetch();
  expect([await ref.read('x'), await ref.read('y')]).toEqual(['three', undefined]);
  expect((await ref.history()).toSorted()).toEqual(['one', 'three', 'two']);
});

test('of two writers at once one is refused, and goes on from what the other wrote', async () => {
  const [first, second] = [await open(), await open()];
  await first.fetch();
  await second.fetch();
  const change = { name: 'x', message: 'x', atSeconds: 1_700_000_000 };
  await first.write({ ...change, text: 'first' });
  await expect(second.write({ ...change, text: 'second' })).rejects.toThrow(UnreachableError);
  await put(second, 'x', 'second');
  expect((await second.history()).toSorted()).toEqual(['first', 'second']);
});

test.each([
  ['deleted', (ref: string) => ['update-ref', '-d', ref]],
  ['cut', (ref: string) => ['update-ref', ref, `${ref}~1`]],
])('a ref that was %s comes back whole with the next file', async (_how, damage) => {
  const ref = await open();
  await put(ref, 'x', 'one');
  await put(ref, 'x', 'two');
  await repository.git(...damage(REF));
  await put(ref, 'x', 'three');
  expect(await repository.git('rev-list', '--count', REF)).toBe('3');
});

test('a ref that was rewritten is said to be, and is not overwritten', async () => {
  const ref = await open();
  await put(ref, 'x', 'one');
  await put(ref, 'x', 'two');
  await repository.git('update-ref', REF, 'HEAD');
  await expect(ref.fetch()).rejects.toThrow(/was rewritten: it no longer holds [0-9a-f]{40}/);
  await expect(ref.fetch()).rejects.toThrow(UnreachableError);
  expect(await repository.git('rev-parse', REF)).toBe(await repository.head());
});

test('a repository on this machine runs none of its hooks and programs when it receives', async () => {
  const mark = join(repository.folder, 'ran');
  const program = join(repository.folder, 'program');
  await writeFile(program, `#!/bin/sh\ntouch ${mark}\n`);
  await chmod(program, 0o755);
  const hooks = join(repository.folder, '.git', 'hooks');
  await mkdir(hooks, { recursive: true });
  for (const hook of [
    'pre-receive',
    'update',
    'post-receive',
    'post-update',
    'reference-transaction',
    'proc-receive',
  ]) {
    await writeFile(join(hooks, hook), await readFile(program));
    await chmod(join(hooks, hook), 0o755);
  }
  for (const name of ['core.fsmonitor', 'core.alternateRefsCommand', 'gc.recentObjectsHook'])
    await repository.git('config', name, program);
  await repository.git('config', 'core.hooksPath', hooks);
  const other = await GitRepository.create();
  await writeFile(
    join(repository.folder, '.git', 'objects', 'info', 'alternates'),
    `${join(other.folder, '.git', 'objects')}\n`,
  );
  await put(await open(), 'x', 'one');
  await other[Symbol.asyncDispose]();
  await expect(readFile(mark)).rejects.toThrow('ENOENT');
  expect(await repository.git('-c', 'core.fsmonitor=false', 'log', '-1', '--format=%s', REF)).toBe('x: one');
});

test('a lock that a killed git left does not last', async () => {
  const ref = await open();
  await put(ref, 'x', 'one');
  await put(await open(), 'x', 'two');
  const [state = ''] = states;
  const { stdout } = await promisify(execFile)('find', [state, '-name', 'halyard', '-path', '*refs*']);
  await writeFile(join(stdout.trim(), 'theirs.lock'), '');
  await ref.fetch();
  expect(await ref.read('x')).toBe('two');
});

test('an empty repository, a bare one and one of SHA-256 take files', async () => {
  const bare = join(repository.folder, 'bare.git');
  await repository.git('clone', '--quiet', '--bare', repository.folder, bare);
  await repository.git('init', '--quiet', '--bare', join(repository.folder, 'empty.git'));
  const sha256 = await GitRepository.create({ objectFormat: 'sha256' });
  await sha256.commit('First', { 'a.txt': 'a' });
  for (const folder of [bare, join(repository.folder, 'empty.git'), sha256.folder]) {
    const ref = await open(folder);
    await put(ref, 'x', 'one');
    await ref.fetch();
    expect(await ref.read('x')).toBe('one');
  }
  await sha256[Symbol.asyncDispose]();
});

test('a file that is too large to be ours is none', async () => {
  const ref = await open();
  await put(ref, 'x', 'x'.repeat(100_000));
  await ref.fetch();
  expect([await ref.read('x'), await ref.history()]).toEqual([undefined, ['']]);
});

test('a repository that is away is said to be', async () => {
  const ref = await open();
  await put(ref, 'x', 'one');
  await repository.away(async () => {
    await expect(ref.fetch()).rejects.toThrow(UnreachableError);
  });
  await ref.fetch();
});
