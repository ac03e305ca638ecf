// What a relay makes of the files in its cache, by who wrote them.
import { hash } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { VERSION } from '../../src/lib/version.ts';
import { buildIdentity } from '../../src/relay/build-identity.ts';
import { writeCacheFile } from '../../src/relay/cache-file.ts';
import { keepOnDisk } from '../../src/relay/caching.ts';
import type { RelayCore } from '../../src/relay/core.ts';
import { DiskCache } from '../../src/relay/disk-cache.ts';
import { newCore } from '../../src/relay/new-core.ts';
import { checkOptions } from '../../src/relay/options.ts';
import { SnapshotStore } from '../../src/relay/snapshot-store.ts';
import { createFolder } from './folder.ts';
import { relay } from './start.ts';
import { readableLog, snapshotAt, until } from './support.ts';

/** Nothing listens there. */
const DOWN = 'postgres://nobody@127.0.0.1:9/nothing';
const name = 'acme%2Fshop@prod.snapshot';
const good = snapshotAt(1, { flags: { a: {} } });
/** Of this version's making it cannot be; it stands for whatever may be wrong with what nobody looks at before it is asked for. */
const bad = snapshotAt(2, { flags: { a: {}, b: { fallthrough: { serve: 'no-such' } } } });

it('I3: a snapshot that this version wrote is served without compiling all of it, and a flag that fails then errs alone', async () => {
  await using folder = await createFolder({});
  await writeCacheFile(join(folder.path, name), bad, await buildIdentity());
  await using served = await relay({ source: DOWN, cache: folder.path });
  expect(await served.evaluate('a')).toMatchObject({ value: true, metadata: { revision: 2 } });
  expect(await served.evaluate('b')).toMatchObject({ reason: 'ERROR', errorCode: 'GENERAL' });
});

it('I8: one that another version wrote must compile, or the generation before it is served', async () => {
  await using folder = await createFolder({});
  await writeCacheFile(join(folder.path, name), bad, '99.0.0');
  await writeCacheFile(join(folder.path, `${name}.previous`), good, '99.0.0');
  await using served = await relay({ source: DOWN, cache: folder.path });
  expect(await served.evaluate('a')).toMatchObject({ value: true, metadata: { revision: 1 } });
  expect(served.lines().join()).toContain('does not compile');
});

it('what a source gives must compile, be it the first snapshot or a later one', async () => {
  const store = new SnapshotStore();
  const refused = { type: 'refused', fault: { code: 'does-not-compile' } };
  expect(await store.offer(bad)).toMatchObject(refused);
  expect(await store.offer(good)).toEqual({ type: 'served' });
  expect(await store.offer(bad)).toMatchObject(refused);
  expect(store.served?.snapshot).toBe(good);
});

it('a swap names the flags that changed, and tells nothing of those that did not', async () => {
  const store = new SnapshotStore();
  const swaps: (readonly string[])[] = [];
  store.onSwap(({ flags }) => swaps.push(flags));
  await store.offer(snapshotAt(1, { flags: { a: {}, b: {} } }));
  await store.offer(snapshotAt(2, { flags: { a: {}, b: { enabled: false } } }));
  await store.offer(snapshotAt(3, { flags: { a: {}, b: { enabled: false } } }));
  expect(swaps).toEqual([['a', 'b'], ['b'], []]);
});

it('I8: one that is no snapshot at all although its digest is right keeps no relay from starting', async () => {
  await using folder = await createFolder({});
  for (const body of ['no JSON', 'null', '[]', '{"project":"acme/shop","environment":"prod"}']) {
    const head = `halyard-snapshot 1 ${hash('sha256', body)} ${body.length}\n`;
    await writeFile(join(folder.path, name), head + body);
    await writeCacheFile(join(folder.path, `${name}.previous`), good, await buildIdentity()).catch(
      () => undefined,
    );
    await using served = await relay({ source: DOWN, cache: folder.path, project: 'acme/shop' });
    expect([body, await served.evaluate('a')]).toEqual([body, expect.objectContaining({ value: true })]);
    expect(served.lines().join()).toContain('is not served');
  }
});

it('I8: what was whole and yet could not be served does not push out the good one before it', async () => {
  await using folder = await createFolder({});
  await writeCacheFile(join(folder.path, name), bad, '99.0.0');
  await writeCacheFile(join(folder.path, `${name}.previous`), good, '99.0.0');
  const { core, flush } = await keeper(folder.path);
  expect(core.store.served?.snapshot).toEqual(good);
  await core.store.offer(snapshotAt(3));
  await flush();
  const cache = new DiskCache(folder.path, 'prod', 'acme/shop');
  expect((await cache.load()).snapshot).toEqual(snapshotAt(3));
  expect(await cache.loadPrevious([])).toEqual(good);
});

/** What a relay keeps in a folder, without the relay. */
async function keeper(cache: string) {
  const { log, lines } = readableLog();
  const options = await checkOptions({
    environment: 'prod',
    project: 'acme/shop',
    source: DOWN,
    version: VERSION,
    instanceId: 'test',
    cache,
    log,
  });
  const core: RelayCore = await newCore(options, { sourceKind: 'postgres', isStopping: () => false });
  const caching = keepOnDisk(core, options);
  await caching?.load();
  return { core, lines, flush: async () => caching?.flush() };
}

it('writes are counted as often as the disk is written, and a start from the cache is none', async () => {
  await using folder = await createFolder({});
  const first = await keeper(folder.path);
  for (let revision = 1; revision <= 9; revision++) await first.core.store.offer(snapshotAt(revision));
  await first.flush();
  // Of each file the first, and one for all that came while that was written.
  expect(first.core.counters.cacheWrites.get('written')).toBeLessThan(12);
  const second = await keeper(folder.path);
  await second.flush();
  expect(second.core.store.served?.snapshot.revision).toBe(9);
  expect([second.core.counters.cacheWrites.size, second.core.counters.cacheWrittenAtMs]).toEqual([0, 0]);
});

it('while the snapshot cannot be written, a witness that can does not make the cache well', async () => {
  await using folder = await createFolder({});
  const { core, lines, flush } = await keeper(folder.path);
  const witness = join(folder.path, name.replace('.snapshot', '.witness'));
  const inTheWay = [join(folder.path, name), join(folder.path, `${name}.previous`)];
  for (const path of [witness, ...inTheWay]) await mkdir(join(path, 'not empty'), { recursive: true });
  await core.store.offer(snapshotAt(1));
  for (const what of ['the snapshot', 'what was seen of the audit chain'])
    await until(() => lines().some((line) => line.includes(`${what} could not be written to the cache`)));
  await rm(witness, { recursive: true });
  await until(() => core.counters.cacheWrites.get('written'));
  // Whatever is written of the other file meanwhile, also while the first is tried again.
  const failed = core.counters.cacheWrites.get('failed') ?? 0;
  await until(() => {
    core.store.saw({ entry: (core.store.witness?.entry ?? 1) + 1, hash: 'a'.repeat(64) });
    return (core.counters.cacheWrites.get('failed') ?? 0) > failed;
  });
  expect(core.health.cacheFault?.message).toMatch(/cannot be written/);
  expect(lines().join()).not.toContain('well again');
  for (const path of inTheWay) await rm(path, { recursive: true });
  await until(() => core.health.cacheFault === undefined);
  await flush();
  expect(lines().filter((line) => line.includes('well again'))).toHaveLength(1);
  expect((await new DiskCache(folder.path, 'prod', 'acme/shop').load()).snapshot).toEqual(snapshotAt(1));
});
