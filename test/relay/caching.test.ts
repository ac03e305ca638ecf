// What a relay makes of the files in its cache, by who wrote them.
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { VERSION } from '../../src/lib/version.ts';
import { writeCacheFile } from '../../src/relay/cache-file.ts';
import { SnapshotStore } from '../../src/relay/snapshot-store.ts';
import { createFolder } from './folder.ts';
import { relay } from './start.ts';
import { snapshotAt } from './support.ts';

/** Nothing listens there. */
const DOWN = 'postgres://nobody@127.0.0.1:9/nothing';
const name = 'acme%2Fshop@prod.snapshot';
const good = snapshotAt(1, { flags: { a: {} } });
/** Of this version's making it cannot be; it stands for whatever may be wrong with what nobody looks at before it is asked for. */
const bad = snapshotAt(2, { flags: { a: {}, b: { fallthrough: { serve: 'no-such' } } } });

it('I3: a snapshot that this version wrote is served without compiling all of it, and a flag that fails then errs alone', async () => {
  await using folder = await createFolder({});
  await writeCacheFile(join(folder.path, name), bad, VERSION);
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
