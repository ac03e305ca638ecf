// The folder of `up`: taken by one at a time, invisible to git, and what is said where it cannot be had.
import { readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { takeStateFolder } from '../../src/cli/up/state-folder.ts';
import { temporaryFolder } from '../support/git-repository.ts';

let around: string;
beforeEach(async () => {
  around = await temporaryFolder('halyard-state-');
});
afterEach(() => rm(around, { recursive: true }));

test('it is made, ignored by git, and free again when it is given back', async () => {
  const folder = join(around, 'deep/.halyard');
  {
    await using state = await takeStateFolder(folder);
    expect(await readFile(join(state.path, '.gitignore'), 'utf8')).toMatch(/^\*$/m);
    await expect(takeStateFolder(folder)).rejects.toThrow(
      `already runs on ${state.path} (process ${process.pid})`,
    );
  }
  await using _again = await takeStateFolder(folder);
});

test.each([
  [
    'a file',
    (at: string) => writeFile(at, ''),
    'it is no folder. Remove it, or give another one with --data.',
  ],
  [
    'a dead link',
    (at: string) => symlink('/nowhere', at),
    'it is a link to nowhere. Remove it, or give another',
  ],
])('%s in its place is named, with what to do', async (_, make, words) => {
  const folder = join(around, '.halyard');
  await make(folder);
  await expect(takeStateFolder(folder)).rejects.toThrow(`the folder ${folder} cannot be written: ${words}`);
});
