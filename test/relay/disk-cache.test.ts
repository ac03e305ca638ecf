// The disk cache: what was written is what is read, and what is damaged is never served.
import { hash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { VERSION } from '../../src/lib/version.ts';
import { buildIdentity } from '../../src/relay/build-identity.ts';
import { writeCacheFile } from '../../src/relay/cache-file.ts';
import { DiskCache } from '../../src/relay/disk-cache.ts';
import { createFolder } from './folder.ts';
import { snapshotAt } from './support.ts';

const first = snapshotAt(1, { flags: { a: {} } });
const second = snapshotAt(2, { flags: { a: { description: 'ü' } } });
const name = 'acme%2Fshop@prod.snapshot';

async function cacheOf(path: string, ...snapshots: (typeof first)[]): Promise<DiskCache> {
  const cache = new DiskCache(path, 'prod', 'acme/shop');
  await cache.load();
  for (const snapshot of snapshots) await cache.save(snapshot);
  return cache;
}

const load = (path: string, project: string | undefined = 'acme/shop') =>
  new DiskCache(path, 'prod', project).load();

describe('the disk cache', () => {
  it('I8: gives after a restart what was saved last', async () => {
    await using folder = await createFolder({});
    await cacheOf(folder.path, first, second);
    expect(await load(folder.path)).toEqual({ snapshot: second, damaged: [] });
    expect((await readdir(folder.path)).sort()).toEqual([name, `${name}.previous`]);
  });

  it('finds the only project of its folder where none is named, and none where there are several', async () => {
    await using folder = await createFolder({});
    await cacheOf(folder.path, first);
    expect(await new DiskCache(folder.path, 'prod').load()).toEqual({ snapshot: first, damaged: [] });
    const other = new DiskCache(folder.path, 'prod', 'acme/other');
    await other.save({ ...first, project: 'acme/other' });
    const { snapshot, damaged } = await new DiskCache(folder.path, 'prod').load();
    expect([snapshot, damaged]).toEqual([undefined, [expect.stringContaining('--project')]]);
  });

  it('keeps environments apart', async () => {
    await using folder = await createFolder({});
    await cacheOf(folder.path, first);
    expect(await new DiskCache(folder.path, 'dev', 'acme/shop').load()).toEqual({ damaged: [] });
    expect(await new DiskCache(folder.path, 'rod', undefined).load()).toEqual({ damaged: [] });
  });

  it('makes its folder, for nobody else to read', async () => {
    await using folder = await createFolder({});
    const path = join(folder.path, 'deep/er');
    await cacheOf(path, first);
    expect((await load(path)).snapshot).toEqual(first);
  });

  it('says so where no folder can be made, in /proc too, where Node tries for ever', async () => {
    await using folder = await createFolder({ file: '' });
    const impossible = [join(folder.path, 'file'), join(folder.path, 'file/deeper')];
    if (existsSync('/proc/self')) impossible.push('/proc/halyard/deeper');
    for (const path of impossible) {
      const { snapshot, damaged } = await load(path);
      expect([snapshot, damaged.join()]).toEqual([undefined, expect.stringMatching(/cannot be (used|read)/)]);
    }
  });

  it('a draft that a killed relay left is removed', async () => {
    await using folder = await createFolder({ [`${name}.0123456789ab.draft`]: 'half a snap' });
    await load(folder.path);
    expect(await readdir(folder.path)).toEqual([]);
  });

  it('of many saves at once writes the last one, and leaves no drafts', async () => {
    await using folder = await createFolder({});
    const cache = await cacheOf(folder.path);
    await Promise.all(Array.from({ length: 20 }, (_, at) => cache.save(snapshotAt(at + 1))));
    expect((await load(folder.path)).snapshot?.revision).toBe(20);
    expect(await readdir(folder.path)).toEqual([name]);
  });

  it('rejects where the disk refuses, and saves again when it does not', async () => {
    await using folder = await createFolder({});
    const path = join(folder.path, 'cache');
    const cache = await cacheOf(path, first);
    await rm(path, { recursive: true });
    await writeFile(path, 'a file in its place');
    await expect(cache.save(second)).rejects.toThrow();
    await rm(path);
    await mkdir(path);
    await cache.save(second);
    expect((await load(path)).snapshot).toEqual(second);
  });
});

describe('a damaged file', () => {
  it('I8: cut at any length is not served; the generation before it is', async () => {
    await using folder = await createFolder({});
    await cacheOf(folder.path, first, second);
    const file = join(folder.path, name);
    const whole = await readFile(file);
    for (let length = whole.length - 1; length >= 0; length -= length > 200 ? 13 : 1) {
      await truncate(file, length);
      const { snapshot, damaged } = await load(folder.path);
      expect([length, snapshot?.revision, damaged.length]).toEqual([length, 1, 1]);
    }
  });

  it('I8: with any byte flipped is not served; the generation before it is', async () => {
    await using folder = await createFolder({});
    await cacheOf(folder.path, first, second);
    const file = join(folder.path, name);
    const whole = await readFile(file);
    for (let at = 0; at < whole.length; at += at > 150 ? 7 : 1) {
      const flipped = Buffer.from(whole);
      flipped[at] = (flipped[at] as number) ^ (1 << (at % 8));
      await writeFile(file, flipped);
      const { snapshot, damaged } = await load(folder.path);
      expect([at, snapshot?.revision, damaged.length]).toEqual([at, 1, 1]);
    }
  });

  it.each([
    ['nothing', ''],
    ['another format', '{"revision":9}'],
    ['another version of the format', `halyard-snapshot 3 ${'0'.repeat(64)} 0\n`],
  ])('that holds %s is not served', async (_what, content) => {
    await using folder = await createFolder({});
    await cacheOf(folder.path, first, second);
    await writeFile(join(folder.path, name), content);
    expect((await load(folder.path)).snapshot).toEqual(first);
  });

  it('more appended to it is not served', async () => {
    await using folder = await createFolder({});
    await cacheOf(folder.path, first, second);
    await writeFile(join(folder.path, name), ' ', { flag: 'a' });
    expect((await load(folder.path)).snapshot).toEqual(first);
  });

  it('does not push the good one before it out', async () => {
    await using folder = await createFolder({});
    await cacheOf(folder.path, first, second);
    await truncate(join(folder.path, name), 50);
    const cache = await cacheOf(folder.path);
    await cache.save(snapshotAt(3));
    await truncate(join(folder.path, name), 50);
    expect((await load(folder.path)).snapshot).toEqual(first);
  });

  it('in both generations leaves nothing to serve', async () => {
    await using folder = await createFolder({});
    await cacheOf(folder.path, first, second);
    for (const file of [name, `${name}.previous`]) await truncate(join(folder.path, file), 80);
    const { snapshot, damaged } = await load(folder.path);
    expect([snapshot, damaged.length]).toEqual([undefined, 2]);
  });

  it('a newest file that is missing (killed between two renames) gives the one before', async () => {
    await using folder = await createFolder({});
    await cacheOf(folder.path, first, second);
    await rm(join(folder.path, name));
    expect(await load(folder.path)).toEqual({ snapshot: first, damaged: [] });
  });

  it('of another project under this name is not served', async () => {
    await using folder = await createFolder({});
    await cacheOf(folder.path, first, second);
    const other = new DiskCache(folder.path, 'prod', 'acme/other');
    await other.save({ ...first, project: 'acme/other' });
    const foreign = await readFile(join(folder.path, 'acme%2Fother@prod.snapshot'));
    await writeFile(join(folder.path, name), foreign);
    expect((await load(folder.path)).snapshot).toEqual(first);
  });
});

describe('who wrote a file', () => {
  /** What is loaded, and whether it is taken to compile. */
  async function loaded(
    path: string,
  ): Promise<[revision: number | undefined, isProven: boolean | undefined]> {
    const cache = new DiskCache(path, 'prod', 'acme/shop');
    const { snapshot } = await cache.load();
    return [snapshot?.revision, snapshot && cache.isProven(snapshot)];
  }

  it('this build: the snapshot is known to compile', async () => {
    await using folder = await createFolder({});
    await cacheOf(folder.path, first);
    expect(await loaded(folder.path)).toEqual([1, true]);
    expect((await readFile(join(folder.path, name), 'latin1')).split('\n')[0]).toMatch(
      / 0\.1\.0\+[0-9a-f]{16}$/,
    );
  });

  it.each([
    ['another version', '99.0.0-rc.1'],
    ['this version, of which the build is not named', VERSION],
    ['another build of this version', `${VERSION}+0123456789abcdef`],
  ])('%s: it is read, and must prove itself', async (_who, build) => {
    await using folder = await createFolder({});
    await writeCacheFile(join(folder.path, name), first, build);
    expect(await loaded(folder.path)).toEqual([1, false]);
  });

  it('a version before versions were named, in format 1: the same', async () => {
    const body = JSON.stringify(second);
    const head = `halyard-snapshot 1 ${hash('sha256', body)} ${Buffer.byteLength(body)}\n`;
    await using folder = await createFolder({ [name]: head + body });
    expect(await loaded(folder.path)).toEqual([2, false]);
  });

  it('nobody can claim to be this build without the digest that goes with it', async () => {
    await using folder = await createFolder({});
    const path = join(folder.path, name);
    await writeCacheFile(path, first, '99.0.0');
    const file = await readFile(path, 'latin1');
    await writeFile(path, file.replace('99.0.0', await buildIdentity()), 'latin1');
    expect(await loaded(folder.path)).toEqual([undefined, undefined]);
  });
});

it('a snapshot of many parts is written whole', async () => {
  await using folder = await createFolder({});
  const flags = Object.fromEntries(Array.from({ length: 3000 }, (_, at) => [`flag-ü-${at}`, {}]));
  const large = snapshotAt(3, { flags });
  await cacheOf(folder.path, large);
  expect(await load(folder.path)).toEqual({ snapshot: large, damaged: [] });
});

it('between two writes it rests, unless it must hurry, and then writes only the newest', async () => {
  await using folder = await createFolder({});
  const cache = new DiskCache(folder.path, 'prod', 'acme/shop', 3_600_000);
  await cache.load();
  await cache.save(first);
  const waiting = [second, snapshotAt(3), snapshotAt(4)].map((each) => cache.save(each));
  // Time enough for a write that does not rest.
  await cacheOf(join(folder.path, 'other'), first, second, first);
  expect((await load(folder.path)).snapshot).toEqual(first);
  cache.hurry();
  await Promise.all(waiting);
  const previous = join(folder.path, `${name}.previous`);
  expect((await load(folder.path)).snapshot?.revision).toBe(4);
  expect(await readFile(previous, 'utf8')).toContain('"revision":1');
});
