// Reading a folder from the disk: the entries that a git tree would have.
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readFolder } from '../../src/io/folder.ts';
import { UsageError } from '../../src/lib/errors.ts';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'halyard-folder-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function put(path: string, text = path): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text);
}

const read = async (options?: Parameters<typeof readFolder>[1]) =>
  (await readFolder(root, options)).map(({ path, kind }) => `${kind} ${path}`);

test('YAML files of every folder, dot folders too, but not those of git', async () => {
  for (const path of ['b.yaml', 'a/c.yml', '.github/d.YAML', '.hidden.yaml', 'README.md', '.git/e.yaml'])
    await put(path);
  expect(await read()).toEqual(['file .github/d.YAML', 'file .hidden.yaml', 'file a/c.yml', 'file b.yaml']);
  const [file] = await readFolder(root);
  expect(file).toEqual({ path: '.github/d.YAML', kind: 'file', content: Buffer.from('.github/d.YAML') });
});

test('names that are not UTF-8 are there, as git has them', async () => {
  const place = (path: string) => Buffer.concat([Buffer.from(`${root}/`), Buffer.from(path, 'latin1')]);
  await mkdir(place('d\xff'));
  await writeFile(place('d\xff/a.yaml'), 'flag: a');
  await writeFile(place('caf\xe9.yaml'), 'flag: b');
  expect(await read()).toEqual(['file caf\ufffd.yaml', 'file d\ufffd/a.yaml']);
  expect(await read({ followLinks: true })).toEqual(['file caf\ufffd.yaml', 'file d\ufffd/a.yaml']);
});

test('a repository within the folder is a submodule, as it is to git, unless links are followed', async () => {
  await put('vendor/flags/.git', 'gitdir: ../../.git/modules/flags');
  await put('vendor/flags/a.yaml');
  await put('.git/config');
  expect(await read()).toEqual(['submodule vendor/flags']);
  expect(await read({ followLinks: true })).toEqual(['file vendor/flags/a.yaml']);
});

test('links are named, whatever they lead to', async () => {
  await put('a.yaml');
  await symlink('a.yaml', join(root, 'b.yaml'));
  await symlink('/etc', join(root, 'etc'));
  expect(await read()).toEqual(['file a.yaml', 'link b.yaml', 'link etc']);
});

test('followed, links are what they lead to: a mounted ConfigMap is read once', async () => {
  await put('..2026_01_01/a.yaml', 'flag: a');
  await symlink('..2026_01_01', join(root, '..data'));
  await symlink('..data/a.yaml', join(root, 'a.yaml'));
  expect(await read({ followLinks: true })).toEqual(['file a.yaml']);
});

test('followed, a link that leads back up and one that leads nowhere do no harm', async () => {
  await put('a/b.yaml');
  await symlink('..', join(root, 'a/up'));
  await symlink('nowhere', join(root, 'lost.yaml'));
  expect(await read({ followLinks: true })).toEqual(['file a/b.yaml', 'link lost.yaml']);
});

test('what is too large is named and not read', async () => {
  await put('a.yaml', 'x'.repeat(11));
  await put('b.yaml', 'x'.repeat(10));
  await put('c.yaml', 'x');
  expect(await read({ maxFileBytes: 10 })).toEqual(['oversized a.yaml', 'file b.yaml', 'file c.yaml']);
  const kinds = (await read({ maxFolderBytes: 1 })).map((entry) => entry.split(' ')[0]);
  expect(kinds.filter((kind) => kind === 'file')).toHaveLength(1);
});

test('looking ends after as many files as anyone accepts', async () => {
  for (let i = 0; i < 10; i++) await put(`${i}.yaml`);
  expect(await read({ maxFiles: 3 })).toHaveLength(3);
});

test('a folder that is not there, or is none, is wrong use', async () => {
  await put('a.yaml');
  await expect(readFolder(join(root, 'nowhere'))).rejects.toThrow(UsageError);
  await expect(readFolder(join(root, 'a.yaml'))).rejects.toThrow(/is not a folder/);
});
