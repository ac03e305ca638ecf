// A repository of someone else on this machine: it is read, and what its configuration names is never run.
import { execFileSync } from 'node:child_process';
import { chownSync, cpSync, existsSync, readdirSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { GitError } from '../../src/git/command.ts';
import { Mirror } from '../../src/git/mirror.ts';
import { parseGitSource } from '../../src/git/source.ts';
import { workTreeOf } from '../../src/git/work-tree.ts';
import { GitRepository, temporaryFolder } from '../support/git-repository.ts';

let repository: GitRepository;
let stateFolder: string;
let marker: string;
let head: string;

beforeEach(async () => {
  repository = await GitRepository.create();
  stateFolder = await temporaryFolder('halyard-hostile-');
  marker = join(stateFolder, 'a-program-was-run');
  head = await repository.commit('one', { 'a.txt': 'a', '.gitattributes': '* filter=evil\n' });
  const trap = join(stateFolder, 'trap');
  writeFileSync(trap, `#!/bin/sh\ntouch '${marker}'\n`, { mode: 0o755 });
  for (const name of ['core.fsmonitor', 'core.sshCommand', 'filter.evil.clean', 'uploadpack.packObjectsHook'])
    await repository.git('config', name, trap);
  await repository.edit('a.txt', 'edited');
});

afterEach(async () => {
  await repository[Symbol.asyncDispose]();
  await rm(stateFolder, { recursive: true, force: true });
});

const treeAt = (path: string) => workTreeOf({ kind: 'path', name: path, path }, stateFolder);

function giveAway(folder: string): void {
  for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' }))
    chownSync(join(folder, path), 65534, 65534);
  chownSync(folder, 65534, 65534);
}

test.runIf(process.getuid?.() === 0)(
  'of another user: its commits are read, its edits are not looked for',
  async () => {
    giveAway(repository.folder);
    const tree = await treeAt(repository.folder);
    expect(await tree.head()).toBe(head);
    expect(await tree.has('')).toBe(true);
    await expect(tree.uncommitted('')).rejects.toThrow(GitError);
    expect(existsSync(marker)).toBe(false);
  },
);

test.runIf(process.getuid?.() === 0)('of another user: it is mirrored', async () => {
  giveAway(repository.folder);
  const source = parseGitSource(repository.folder, '/');
  const mirror = new Mirror({ source, branch: 'main', stateFolder, inherited: process.env });
  expect(await mirror.fetchHead()).toBe(head);
  expect(existsSync(marker)).toBe(false);
});

test('that lies among the files of one’s own, as a commit may bring it: its edits are not looked for', async () => {
  const inner = join(repository.folder, 'vendor');
  cpSync(join(repository.folder, '.git'), inner, { recursive: true });
  await repository.git('config', '--file', join(inner, 'config'), 'core.worktree', repository.folder);
  await expect((await treeAt(inner)).uncommitted('')).rejects.toThrow(GitError);
  expect(existsSync(marker)).toBe(false);
});

test('whose `.git` is a pipe that nobody writes to is no repository', async () => {
  await rm(join(repository.folder, '.git'), { recursive: true });
  execFileSync('mkfifo', [join(repository.folder, '.git')]);
  const source = parseGitSource(repository.folder, '/');
  const mirror = new Mirror({ source, branch: 'main', stateFolder, inherited: process.env });
  await expect(mirror.fetchHead()).rejects.toMatchObject({ name: 'UnreachableError', code: 'git' });
});
