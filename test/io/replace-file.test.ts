// Files are written whole, keep what belongs to them, and nobody's work is lost.
import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createFile, putFile, replaceFile } from '../../src/io/replace-file.ts';
import { UsageError } from '../../src/lib/errors.ts';

let folder = '';
const at = (name: string) => join(folder, name);
const read = (name: string) => readFile(at(name), 'utf8');

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'halyard-files-'));
  await writeFile(at('a'), 'old');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('a file that someone else has changed meanwhile is left as it is', async () => {
  const known = await readFile(at('a'));
  await writeFile(at('a'), 'theirs');
  await expect(replaceFile(at('a'), 'mine', known)).rejects.toThrow(/was changed by someone else meanwhile/);
  expect(await read('a')).toBe('theirs');
  await replaceFile(at('a'), 'mine', await readFile(at('a')));
  expect(await read('a')).toBe('mine');
  expect(await readdir(folder)).toEqual(['a']);
});

test('a file that is gone meanwhile does not come back', async () => {
  await rm(at('a'));
  await expect(replaceFile(at('a'), 'mine')).rejects.toThrow(/cannot be written \(ENOENT\)/);
  expect(await readdir(folder)).toEqual([]);
});

// Root may write everything.
test.skipIf(process.getuid?.() === 0)('a file that is not to be written is not replaced either', async () => {
  await chmod(at('a'), 0o444);
  await expect(replaceFile(at('a'), 'mine')).rejects.toThrow(/cannot be written \(EACCES\)/);
  expect(await read('a')).toBe('old');
});

test('a new file takes no other’s place, nor a file that of a folder', async () => {
  expect(await createFile(at('a'), 'mine')).toBe(false);
  await expect(createFile(at('a/b'), 'mine')).rejects.toThrow(/a\/b" cannot be written \(EEXIST\)/);
  await expect(createFile(at('a/b/c'), 'mine')).rejects.toThrow(/cannot be written \(ENOTDIR\)/);
  expect([await read('a'), await readdir(folder)]).toEqual(['old', ['a']]);
});

test('names that are as long as names can be are no hindrance', async () => {
  const name = `${'n'.repeat(245)}.test.yaml`;
  expect(await createFile(at(name), 'one')).toBe(true);
  await replaceFile(at(name), 'two');
  expect(await read(name)).toBe('two');
});

test('a new file is put where it belongs, an old one replaced, what is no file of its own written to', async () => {
  await putFile(at('new/folder/file'), 'one');
  expect(await read('new/folder/file')).toBe('one');
  await chmod(at('a'), 0o640);
  await putFile(at('a'), 'two');
  expect([await read('a'), (await stat(at('a'))).mode & 0o777]).toEqual(['two', 0o640]);
  await symlink(at('a'), at('link'));
  await putFile(at('link'), 'three');
  expect([await read('a'), (await lstat(at('link'))).isSymbolicLink()]).toEqual(['three', true]);
  await mkdir(at('b'));
  await expect(putFile(at('b'), 'four')).rejects.toThrow(UsageError);
});
