// What a collector lets go of in time: whole days and their ids, never what somebody reads or what is not old by every clock.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Pool } from '../../src/db/pool.ts';
import { openDays, type Sweep, sweep } from '../../src/events/retention.ts';
import { applyCommit } from '../audit/writing.ts';
import { createLogin } from '../support/service-login.ts';
import { until } from '../support/until.ts';
import { ask, bring, Collecting, exposure, track } from './collecting.ts';
import { DEFINITIONS, PROJECT } from './definitions.ts';

const DAY_MS = 86_400_000;
let collecting: Collecting;

beforeAll(async () => {
  collecting = await Collecting.create();
});
afterAll(() => collecting[Symbol.asyncDispose]());

/** A sweep, as soon as no collector is at one. */
async function swept(pool: Pool, retention: { retentionMs: number; now: () => number }): Promise<Sweep> {
  let done: Sweep | undefined;
  await until(async () => {
    done = await sweep(pool, PROJECT, retention);
    return done !== undefined;
  });
  return done as Sweep;
}

test('a login in halyard_collector takes events, opens their days, answers assignments and drops what is old', async () => {
  await using login = await createLogin(collecting.database.url, { group: 'halyard_collector' });
  await using pool = new Pool(login.url, { maxConnections: 2 });
  const collector = await collecting.collector({ databaseUrl: login.url });
  const old = Date.now() - 40 * DAY_MS;
  const events = [track(), exposure({ unit: 'u-role' }), track({ atMs: old })];
  expect((await bring(collector.url, events)).body).toMatchObject({ counted: 3 });
  const path = '/v1/assignments?experiment=layout&environment=prod&unit=u-role';
  expect((await ask(collector.url, path)).status).toBe(200);
  expect(await swept(pool, { retentionMs: 30 * DAY_MS, now: Date.now })).toEqual({
    days: 1,
    left: 0,
    ids: 1,
  });
  await collector.stop();
});

test('days that are older than events are kept go as a whole, and their ids with them; a long-lived project beside keeps its own', async () => {
  const other = 'acme/other';
  await applyCommit(collecting.pool, other, [
    { kind: 'project', key: other, body: { project: other, environments: { prod: {} } } },
    ...DEFINITIONS.filter(({ kind }) => kind === 'metric'),
  ]);
  const collector = await collecting.collector({ project: PROJECT });
  const beside = await collecting.collector({ project: other });
  const today = Math.floor(Date.now() / DAY_MS);
  const at = (day: number) => (today - day) * DAY_MS + 1_000;
  const days = [0, 9, 10, 11, 12, 20];
  const before = await collecting.counted();
  await bring(
    collector.url,
    days.flatMap((day) => [track({ atMs: at(day) }), exposure({ atMs: at(day), unit: `u-${day}` })]),
  );
  await bring(beside.url, [track({ atMs: at(12) })]);
  const retention = { retentionMs: 10 * DAY_MS, now: () => today * DAY_MS + DAY_MS / 2 };
  // Ten days and one more are kept; two events of each older day had ids.
  expect(await swept(collecting.pool, retention)).toEqual({ days: 2, left: 0, ids: 4 });
  expect((await collecting.counted()).ids - before.ids).toBe(days.length * 2 + 1 - 4);
  const left = await collecting.query<{ project: string; day: number }>(
    `select t.project, (extract(epoch from t.at) / 86400)::int as day from halyard.track_event t
     where t.at < now() - interval '8 days' order by 1, 2`,
  );
  expect(left.map(({ project, day }) => [project, today - day])).toEqual([
    [other, 12],
    [PROJECT, 11],
    [PROJECT, 10],
    [PROJECT, 9],
  ]);
  expect((await openDays(collecting.pool)).map((day) => today - day)).toEqual([12, 11, 10, 9, 0, -1]);
  expect(
    await collecting.query(`select from halyard.assignment where unit in ('u-12', 'u-20')`),
  ).toHaveLength(2);
  expect(await swept(collecting.pool, retention)).toEqual({ days: 0, left: 0, ids: 0 });
  // A day that was dropped is opened again where an event may still be of it, although the collector takes it for open.
  await bring(collector.url, [track({ atMs: at(20) })]);
  expect((await openDays(collecting.pool)).map((day) => today - day)).toContain(20);
  await swept(collecting.pool, retention);
  await Promise.all([collector.stop(), beside.stop()]);
});

test('one collector sweeps at a time, and a day that is being read is left for the next time', async () => {
  const today = Math.floor(Date.now() / DAY_MS);
  const retention = { retentionMs: 10 * DAY_MS, now: Date.now };
  const collector = await collecting.collector({ project: PROJECT });
  await bring(collector.url, [track({ atMs: (today - 15) * DAY_MS })]);
  await using pool = new Pool(collecting.database.url, { maxConnections: 3 });
  await pool.withConnection(async (reader) => {
    await reader.query('begin');
    await reader.query('select count(*) from halyard.track_event');
    // The ids stay with their rows.
    const found = await swept(pool, retention);
    expect(found).toMatchObject({ days: 0, ids: 0 });
    expect(found.left).toBeGreaterThan(0);
    await reader.query('commit');
    await reader.query(`select pg_advisory_lock(hashtextextended('halyard events of ${PROJECT}', 0))`);
    expect(await sweep(pool, PROJECT, retention)).toBeUndefined();
    await reader.query(`select pg_advisory_unlock(hashtextextended('halyard events of ${PROJECT}', 0))`);
  });
  expect(await swept(pool, retention)).toEqual({ days: 1, left: 0, ids: 1 });
  await collector.stop();
});

test('a sweep that takes long is given up when a collector is to stop', async () => {
  await collecting.pool.withConnection(async (connection) => {
    await connection.query('begin');
    await connection.query('lock table halyard.event_id in access exclusive mode');
    const held = await collecting.collector({ project: PROJECT });
    const waits = `select from pg_locks l where not l.granted and l.relation = 'halyard.event_id'::regclass`;
    await until(async () => (await connection.query(waits)).rows.length > 0);
    await held.stop();
    await connection.query('rollback');
  });
  // The lock's own deadline is 15 s.
}, 12_000);

test('a collector whose clock is a month ahead drops nothing that PostgreSQL’s clock keeps', async () => {
  const collector = await collecting.collector({ project: PROJECT });
  await bring(collector.url, [track({ atMs: Date.now() - 5 * DAY_MS })]);
  const before = await collecting.counted();
  const retention = { retentionMs: 10 * DAY_MS, now: () => Date.now() + 30 * DAY_MS };
  expect(await swept(collecting.pool, retention)).toEqual({ days: 0, left: 0, ids: 0 });
  expect(await collecting.counted()).toEqual(before);
  await collector.stop();
});
