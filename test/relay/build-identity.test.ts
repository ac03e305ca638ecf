// A build is known by all the code that compiles snapshots: where any of it is another, so is the build.
import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { buildIdentity, identityOf } from '../../src/relay/build-identity.ts';
import { createFolder } from './folder.ts';

const FILES = ['engine/compile.ts', 'engine/operands/pattern.ts', 'lib/json.ts', 'model/snapshot.ts'];

it('the same code is the same build, wherever it stands', async () => {
  const texts = Object.fromEntries(FILES.map((file) => [file, `// ${file}`]));
  await using one = await createFolder(texts);
  await using other = await createFolder(texts);
  expect(await buildOf(one)).toMatch(/^\d+\.\d+\.\d+\S*\+[0-9a-f]{16}$/);
  expect(await buildOf(one)).toBe(await buildOf(other));
  expect(await buildIdentity()).toBe(await buildIdentity());
});

it.each(FILES)('%s: changed, it is another build', async (file) => {
  await using folder = await createFolder(Object.fromEntries(FILES.map((each) => [each, 'before'])));
  const before = await buildOf(folder);
  await writeFile(join(folder.path, file), 'after');
  expect(await buildOf(folder)).not.toBe(before);
});

it('a bundle is known by the one file that holds the compiler', async () => {
  await using folder = await createFolder({ 'relay/main-A.js': 'a', 'relay/other.js': 'b' });
  const file = join(folder.path, 'relay/main-A.js');
  const before = await identityOf(file);
  await writeFile(join(folder.path, 'relay/other.js'), 'c');
  expect(await identityOf(file)).toBe(before);
  await copyFile(join(folder.path, 'relay/other.js'), file);
  expect(await identityOf(file)).not.toBe(before);
});

it('code that cannot be read is another build each time', async () => {
  await using folder = await createFolder({});
  expect(await buildOf(folder)).not.toBe(await buildOf(folder));
});

function buildOf({ path }: { path: string }): Promise<string> {
  return identityOf(join(path, 'engine/compile.ts'));
}
