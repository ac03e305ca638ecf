// Faults of what is on disk of a cache: files that are cut off, flipped, empty, or a newer relay's.
import { readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { writeCacheFile } from '../../../src/relay/cache-file.ts';
import { DiskCache } from '../../../src/relay/disk-cache.ts';
import { createFolder } from '../folder.ts';
import { cacheOf, expectServedFromCache, NAME, restarted, snapshotOfRevision } from './cache-play.ts';
import type { FaultRow } from './fault.ts';
import { eventually, isLogged, statusOf } from './stage.ts';

const PREVIOUS = `${NAME}.previous`;
const NOT_SERVED = 'the log names each file that is not served';

/** Both generations are written, something is done to the newest, and the one before is what a restart serves. */
const damaged = (name: string, harm: (file: string) => Promise<unknown>): FaultRow => ({
  name,
  users: 'the values of the generation before',
  operator: NOT_SERVED,
  play: async () => {
    await using folder = await cacheOf(1, 2);
    await harm(join(folder.path, NAME));
    await using relay = await restarted(folder.path);
    await expectServedFromCache(relay, 1);
    expect(isLogged(relay, 'a cached snapshot is not served')).toBe(true);
  },
});

/** Loads after each harm, and sees that what is damaged is never what is loaded. */
async function expectNeverLoaded(folder: string, whole: Buffer, harms: Iterable<Buffer>): Promise<void> {
  for (const bytes of harms) {
    await writeFile(join(folder, NAME), bytes);
    const { snapshot, damaged: said } = await new DiskCache(folder, 'prod', 'acme/shop').load();
    expect([snapshot?.revision, said.length], `${bytes.length} of ${whole.length} bytes`).toEqual([1, 1]);
  }
}

function* truncated(whole: Buffer, step: number): Generator<Buffer> {
  for (let length = whole.length - 1; length >= 0; length -= step) yield whole.subarray(0, length);
}

function* flipped(whole: Buffer, step: number): Generator<Buffer> {
  for (let at = 0; at < whole.length; at += step) {
    const bytes = Buffer.from(whole);
    bytes[at] = (bytes[at] as number) ^ (1 << (at % 8));
    yield bytes;
  }
}

export const damages: FaultRow[] = [
  {
    name: 'the newest file of the cache is cut off: at every length of a small one, at some of a large one',
    users: 'the values of the generation before',
    operator: NOT_SERVED,
    play: () => playDamage(truncated),
  },
  {
    name: 'a byte of the newest file is flipped: every byte of a small one, some of a large one',
    users: 'the values of the generation before',
    operator: NOT_SERVED,
    play: () => playDamage(flipped),
  },
  damaged('the newest file of the cache is empty, as after a power cut', (file) => truncate(file, 0)),
  damaged('the newest file of the cache is a folder', async (file) => {
    await rm(file);
    await createFolder({}).then(({ path }) => rename(path, file));
  }),
  damaged('the newest snapshot on disk is one that only a newer relay can compile', async (file) => {
    const rules = [
      { if: { attribute: 'plan', operator: 'sounds-like', value: 'pro' }, then: { serve: 'now' } },
    ];
    await rm(file);
    await writeCacheFile(file, snapshotOfRevision(2, { rules }), '99.0.0');
  }),
  {
    name: 'both generations are damaged, and everything else is down',
    users: '`PROVIDER_NOT_READY`, so the app’s own defaults',
    operator: `not ready; ${NOT_SERVED}; \`postgres\`: does not answer`,
    play: async () => {
      await using folder = await cacheOf(1, 2);
      for (const file of [NAME, PREVIOUS]) await truncate(join(folder.path, file), 70);
      await using relay = await restarted(folder.path);
      expect(await relay.evaluate('answer')).toMatchObject({
        reason: 'ERROR',
        errorCode: 'PROVIDER_NOT_READY',
      });
      expect((await fetch(`${relay.url}/readyz`)).status).toBe(503);
      await eventually(async () => (await statusOf(relay)).source.lastError?.code === 'postgres');
      for (const file of [NAME, PREVIOUS]) expect(isLogged(relay, `${file} is damaged`)).toBe(true);
    },
  },
];

/** Every harm to a small snapshot, and a sample of them to a large one. */
async function playDamage(harmed: (whole: Buffer, step: number) => Iterable<Buffer>): Promise<void> {
  for (const [more, step] of [
    [{}, 1],
    [{ description: 'ü'.repeat(200_000) }, 9_973],
  ] as const) {
    await using folder = await cacheOf(1);
    await new DiskCache(folder.path, 'prod', 'acme/shop').save(snapshotOfRevision(2, more));
    const whole = await readFile(join(folder.path, NAME));
    await expectNeverLoaded(folder.path, whole, harmed(whole, step));
  }
}
