// How faults of the cache are played: a relay that has one is stopped or killed, and must start from it with all else down.
import { cp, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { DiskCache } from '../../../src/relay/disk-cache.ts';
import { createDatabase } from '../../support/database.ts';
import { createFolder } from '../folder.ts';
import { relay as startRelay, type TestRelay } from '../start.ts';
import { snapshotAt } from '../support.ts';
import { Caller, FLAG, valueAt } from './caller.ts';
import { type AskedRelay, Commits, eventually, expectWell, isLogged, statusOf } from './stage.ts';

/** A PostgreSQL that is down: nothing listens there. */
export const DOWN = 'postgres://halyard:secret-password@127.0.0.1:9/halyard';
export const NAME = 'acme%2Fshop@prod.snapshot';

/** A snapshot whose answers show whether they are right. */
export function snapshotOfRevision(revision: number, more: object = {}) {
  const flag = {
    type: 'number' as const,
    variations: { now: valueAt(revision) },
    off: 'now',
    fallthrough: { serve: 'now' },
  };
  return snapshotAt(revision, { flags: { [FLAG]: { ...flag, ...more } } });
}

/** A folder with the cache of a relay that served these revisions. */
export async function cacheOf(...revisions: number[]) {
  const folder = await createFolder({});
  const cache = new DiskCache(folder.path, 'prod', 'acme/shop');
  for (const revision of revisions) await cache.save(snapshotOfRevision(revision));
  return folder;
}

/** Sees that a relay with everything down answers right from a revision, and says that this is old. */
export async function expectServedFromCache(relay: AskedRelay, revision: number): Promise<void> {
  const caller = new Caller(relay);
  await eventually(() => caller.answers > 8 || caller.faults.length > 0);
  await caller.stop();
  expect([caller.faults, caller.revision]).toEqual([[], revision]);
  const status = await eventually(
    () => statusOf(relay),
    ({ source }) => source.lastError !== undefined,
  );
  expect(status).toMatchObject({ ready: true, stale: true, fromCache: true, revision });
  expect(status.ageMs).toBeUndefined();
}

/** A relay over a cache, with nothing else. */
export const restarted = (cache: string, project = 'acme/shop'): Promise<TestRelay> =>
  startRelay({ source: DOWN, project, cache, grpc: '127.0.0.1:0' });

/** A relay that writes to a cache while something is wrong with it; afterwards the newest is on disk. */
export async function playCacheFault(
  folder: string,
  fault: { begin: () => Promise<unknown>; end: () => Promise<unknown>; says: RegExp },
): Promise<void> {
  await using database = await createDatabase();
  const commits = new Commits(database.url);
  await commits.next();
  await using relay = await startRelay({ source: database.url, cache: folder });
  await expectWell(relay, 1);
  await eventually(async () => (await readdir(folder)).includes(NAME));
  await fault.begin();
  await expectWell(relay, await commits.next());
  const { cache } = await eventually(
    () => statusOf(relay),
    ({ cache }) => cache !== undefined,
  );
  expect(cache?.lastError?.message).toMatch(fault.says);
  expect(relay.lines().some((line) => line.includes('could not be written to the cache'))).toBe(true);
  // Once both files of the cache have failed, nothing but another try can mend it: the snapshot rests for a second between writes.
  const hasFailed = (file: string) => isLogged(relay, `${file} could not be written to the cache`);
  await eventually(() => hasFailed('the snapshot') && hasFailed('what was seen of the audit chain'));
  await fault.end();
  await eventually(async () => (await statusOf(relay)).cache === undefined);
  expect(relay.lines().some((line) => line.includes('the cache is well again'))).toBe(true);
  // What is on disk now, as another relay would find it.
  await using copy = await createFolder({});
  await cp(folder, join(copy.path, 'cache'), { recursive: true });
  await using second = await restarted(join(copy.path, 'cache'));
  await expectServedFromCache(second, 2);
}
