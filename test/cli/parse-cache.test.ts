// The cache of what was parsed: it never changes what is found, and nobody else can put something into it.
import {
  chmod,
  mkdir,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadThroughCache } from '../../src/cli/parse-cache/load.ts';
import { readEntries, writeEntries } from '../../src/cli/parse-cache/store.ts';
import { toolIdentity } from '../../src/cli/parse-cache/tool-identity.ts';
import type { KeptFile } from '../../src/definitions/kept.ts';
import { type Loaded, loadDefinitions } from '../../src/definitions/load.ts';
import type { SourceFile } from '../../src/definitions/source-file.ts';
import { flag, PROJECT, sourceFiles, type Texts } from '../definitions/support/project.ts';
import { temporaryFolder } from '../support/git-repository.ts';

const corpus = join(import.meta.dirname, '../definitions/corpus');

/** More files than are worth a cache: good ones, ones with warnings, errors and every sort of hostility. */
const texts: Texts = {
  'project.yaml': PROJECT,
  ...Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`f${i}.yaml`, flag(`f${i}`)])),
  ...Object.fromEntries(
    Array.from({ length: 60 }, (_, i) => [
      `w${i}.yaml`,
      flag(`w${i}`, `rules:\n  - then: { serve: on }\nserve: x${i}`),
    ]),
  ),
  ...Object.fromEntries(
    await Promise.all(
      (await readdir(corpus))
        .filter((name) => name.endsWith('.yaml'))
        .map(async (name) => [name, new Uint8Array(await readFile(join(corpus, name)))] as const),
    ),
  ),
};
const files = sourceFiles(texts);

let home = '';
let definitions = '';
let cache = '';

beforeEach(async () => {
  home = await temporaryFolder('halyard-cache-');
  definitions = await temporaryFolder('halyard-definitions-');
  cache = join(home, 'halyard', 'check');
});

afterEach(async () => {
  await rm(home, { recursive: true, force: true });
  await rm(definitions, { recursive: true, force: true });
});

const load = (of: readonly SourceFile[] = files, folder = definitions) =>
  loadThroughCache(of, folder, { XDG_CACHE_HOME: home });

/** All but the bytes, which are the caller's own. */
function foundIn({ files: read, ...outcome }: Loaded) {
  return { ...outcome, read: [...read.values()].map(({ content: _, ...file }) => file) };
}

const identity = (await toolIdentity()) ?? '';
const expected = foundIn(loadDefinitions(files));

async function onlyFile(): Promise<string> {
  const [name = '', ...others] = await readdir(cache);
  expect(others).toEqual([]);
  return join(cache, name);
}

test('what is found is the same without a cache, with an empty one and with a full one', async () => {
  expect(foundIn(await load())).toEqual(expected);
  expect((await stat(cache)).mode & 0o777).toBe(0o700);
  expect((await stat(await onlyFile())).mode & 0o777).toBe(0o600);
  expect(foundIn(await load())).toEqual(expected);
});

test('the program can tell which one it is', () => expect(identity).toMatch(/^[0-9a-f]{64}$/));

test('a full cache is asked', async () => {
  await load();
  const file = await onlyFile();
  const place = { folder: cache, name: file.slice(cache.length + 1), identity };
  const entries = await readEntries(place);
  expect(entries.size).toBeGreaterThan(200);
  // Only who asks it can be told something else.
  await writeEntries(
    place,
    new Map(Array.from(entries, ([hash, entry]) => [hash, { ...entry, findings: [] }])),
  );
  expect((await load()).problems.length).toBeLessThan(expected.problems.length);
});

test('edited, added, removed, renamed and swapped files are found out', async () => {
  await load();
  const edited = sourceFiles({
    ...texts,
    'f1.yaml': flag('f1', 'serve: onn'),
    'f2.yaml': flag('f3'),
    'f3.yaml': flag('f2'),
    'renamed.yaml': flag('f4'),
    'new.yaml': flag('new'),
  }).filter(({ path }) => path !== 'f5.yaml');
  const found = await load(edited);
  expect(found.problems).toEqual(loadDefinitions(edited).problems);
  expect(found.problems.map(({ file }) => file)).toEqual(
    expect.arrayContaining(['f1.yaml', 'f2.yaml', 'renamed.yaml']),
  );
});

test('a few changes do not write it again, many do', async () => {
  await load();
  const before = await readFile(await onlyFile());
  await load(sourceFiles({ ...texts, 'f1.yaml': flag('f1', 'serve: off') }));
  expect(await readFile(await onlyFile())).toEqual(before);
  const many = Array.from({ length: 51 }, (_, i) => [`f${i}.yaml`, flag(`f${i}`, 'serve: off')]);
  await load(sourceFiles({ ...texts, ...Object.fromEntries(many) }));
  expect(await readFile(await onlyFile())).not.toEqual(before);
});

describe('what is not a cache of this program is passed over', () => {
  const spoilt: [string, (file: string) => Promise<void>][] = [
    ['an empty file', (file) => writeFile(file, '')],
    ['half of it', async (file) => writeFile(file, (await readFile(file)).subarray(0, 5_000))],
    [
      'a flipped bit',
      async (file) => {
        const content = await readFile(file);
        content[content.length >> 1] = (content[content.length >> 1] ?? 0) ^ 1;
        await writeFile(file, content);
      },
    ],
    ['bytes', (file) => writeFile(file, Buffer.alloc(10_000, 0xff))],
    [
      'the cache of another version',
      async (file) =>
        writeEntries({ folder: cache, name: file.slice(cache.length + 1), identity: 'old' }, new Map()),
    ],
    [
      'a folder',
      async (file) => {
        await rm(file);
        await mkdir(join(file, 'x'), { recursive: true });
      },
    ],
  ];

  test.each(spoilt)('%s', async (_, spoil) => {
    await load();
    const file = await onlyFile();
    await spoil(file);
    expect(foundIn(await load())).toEqual(expected);
  });
});

describe('no cache is kept where others could have put something into it', () => {
  test('in a folder that others can write to', async () => {
    await mkdir(cache, { recursive: true });
    await chmod(cache, 0o777);
    expect(foundIn(await load())).toEqual(expected);
    expect(await readdir(cache)).toEqual([]);
  });

  test('in one that others can put another in the place of', async () => {
    await load();
    const file = await onlyFile();
    for (const open of [home, join(home, 'halyard')]) {
      await chmod(open, 0o777);
      await rm(file, { force: true });
      expect(foundIn(await load())).toEqual(expected);
      expect(await readdir(cache)).toEqual([]);
      await chmod(open, 0o755);
    }
    await chmod(home, 0o1777);
    await load();
    expect(await onlyFile()).toBe(file);
  });

  test('through a link', async () => {
    await mkdir(join(home, 'elsewhere'), { mode: 0o700 });
    await mkdir(join(home, 'halyard'));
    await symlink(join(home, 'elsewhere'), cache);
    expect(foundIn(await load())).toEqual(expected);
    expect(await readdir(join(home, 'elsewhere'))).toEqual([]);
  });

  test('in the repository of the definitions', async () => {
    await mkdir(join(home, '.git'));
    await mkdir(join(home, 'flags'));
    expect(foundIn(await load(files, join(home, 'flags')))).toEqual(expected);
    expect((await readdir(home)).sort()).toEqual(['.git', 'flags']);
  });

  test('in the repository of the definitions, through a link', async () => {
    await mkdir(join(definitions, '.git'));
    await mkdir(join(definitions, 'cache'));
    const link = join(home, 'link');
    await symlink(join(definitions, 'cache'), link);
    const found = await loadThroughCache(files, definitions, { XDG_CACHE_HOME: link });
    expect(foundIn(found)).toEqual(expected);
    expect(await readdir(join(definitions, 'cache'))).toEqual([]);
  });

  test('where there is no home, or nothing can be written', async () => {
    for (const folder of [join(home, 'nowhere'), '/dev/null/x', '/proc'])
      expect(foundIn(await loadThroughCache(files, definitions, { XDG_CACHE_HOME: folder }))).toEqual(
        expected,
      );
  });
});

test('checks at once each find everything, and leave one whole cache', async () => {
  const all = await Promise.all(Array.from({ length: 6 }, () => load()));
  for (const found of all) expect(foundIn(found)).toEqual(expected);
  const file = await onlyFile();
  const entries = await readEntries({
    folder: cache,
    name: file.slice(cache.length + 1),
    identity,
  });
  expect(entries.size).toBeGreaterThan(200);
});

test('the folder stays bounded: the oldest give way, half-written ones too', async () => {
  await mkdir(cache, { recursive: true, mode: 0o700 });
  for (const name of ['a', 'b', 'c.half']) {
    await writeFile(join(cache, name), '');
    // A file with a hole takes no room on the disk.
    await truncate(join(cache, name), 100 * 1024 * 1024);
  }
  await utimes(join(cache, 'a'), 1, 1);
  await writeEntries({ folder: cache, name: 'd', identity: 'i' }, new Map<string, KeptFile>());
  expect((await readdir(cache)).sort()).toEqual(['b', 'c.half', 'd']);
});

test('a small project has none', async () => {
  await load(sourceFiles({ 'project.yaml': PROJECT, 'f.yaml': flag('f') }));
  expect(await readdir(home)).toEqual([]);
});
