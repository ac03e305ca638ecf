// How a collector lives: with the rights of its group alone, without PostgreSQL, until it is told to stop; and what it lets go of in time.
import { execFile } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Pool } from '../../src/db/pool.ts';
import { openDays, type Sweep, sweep } from '../../src/events/retention.ts';
import { createLog } from '../../src/io/log.ts';
import { readUnitKey } from '../../src/io/unit-key.ts';
import { pseudonym } from '../../src/model/pseudonym.ts';
import { applyCommit } from '../audit/writing.ts';
import { temporaryFolder } from '../support/git-repository.ts';
import { createLogin } from '../support/service-login.ts';
import { until } from '../support/until.ts';
import { ask, bring, Collecting, exposure, track } from './collecting.ts';
import { DEFINITIONS, PROJECT } from './definitions.ts';
import { KilledProcess } from './killed-process.ts';

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

/** Works while the database is altered, for everyone who connects from then on; those connected are thrown out before and after. */
async function altered<T>(how: string, back: string, work: () => Promise<T>): Promise<T> {
  const url = new URL(collecting.database.url);
  url.pathname = '/postgres';
  await using admin = new Pool(url.href, { maxConnections: 1 });
  const { name } = collecting.database;
  const alter = async (what: string) => {
    await admin.query(`alter database ${name} ${what}`);
    await admin.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name]);
  };
  await alter(how);
  try {
    return await work();
  } finally {
    await alter(back);
  }
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

test('without PostgreSQL it answers 503, says that it is not ready, and takes events again by itself', async () => {
  const collector = await collecting.collector({ project: PROJECT });
  const event = track();
  await altered('allow_connections false', 'allow_connections true', async () => {
    const refused = await bring(collector.url, [event]);
    expect(refused).toMatchObject({ status: 503, body: { errorCode: 'UNAVAILABLE' } });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    await until(async () => (await ask(collector.url, '/readyz')).status === 503);
    expect((await ask(collector.url, '/livez')).status).toBe(200);
    const { body } = await ask(collector.url, '/v1/status');
    expect(body).toMatchObject({
      ready: false,
      database: { state: 'failing', lastError: { code: expect.any(String) } },
    });
    expect(JSON.stringify(body)).not.toContain(new URL(collecting.database.url).password);
  });
  await until(async () => (await ask(collector.url, '/readyz')).status === 200);
  expect(await bring(collector.url, [event])).toMatchObject({ status: 200, body: { counted: 1 } });
  await collector.stop();
});

test.each([
  ['only reads', 'default_transaction_read_only = on', 'read-only', 'does not take events'],
  ['may forget what it has confirmed', 'synchronous_commit = off', 'synchronous_commit', 'cannot be worked'],
])(
  'a PostgreSQL that %s takes no event, and readiness, status and log say so',
  async (_what, setting, reason, line) => {
    const said: { message: string }[] = [];
    const to = { write: (line: string) => void said.push(JSON.parse(line)) };
    const log = createLog({ service: 'collector', version: '0', to });
    const collector = await collecting.collector({ project: PROJECT, log });
    const event = track();
    await altered(`set ${setting}`, `reset ${setting.split(' ')[0]}`, async () => {
      await until(async () => (await bring(collector.url, [track()])).status === 503);
      expect((await ask(collector.url, '/readyz')).status).toBe(503);
      expect((await ask(collector.url, '/v1/status')).body).toMatchObject({
        ready: false,
        database: { state: 'failing', lastError: { message: expect.stringContaining(reason) } },
      });
      expect(said.map(({ message }) => message).join()).toContain(line);
    });
    await until(async () => (await bring(collector.url, [event])).status === 200);
    await until(async () => (await ask(collector.url, '/readyz')).status === 200);
    await collector.stop();
  },
);

test('while the clocks of collector and PostgreSQL are weeks apart no event is refused for good', async () => {
  const ahead = () => Date.now() + 20 * DAY_MS;
  const collector = await collecting.collector({ project: PROJECT, now: ahead });
  expect(await bring(collector.url, [track({ atMs: ahead() })])).toMatchObject({ status: 503 });
  expect((await ask(collector.url, '/v1/status')).body.database.lastError.message).toContain('clock');
  await collector.stop();
});

test('it starts without a project, is not ready, and becomes so when one is applied', async () => {
  await using empty = await Collecting.create({ applied: false });
  const collector = await empty.collector();
  expect((await ask(collector.url, '/readyz')).status).toBe(503);
  expect(await bring(collector.url, [track()])).toMatchObject({ status: 503 });
  await applyCommit(empty.pool, PROJECT, DEFINITIONS);
  await until(async () => (await ask(collector.url, '/readyz')).status === 200);
  expect(await bring(collector.url, [track()])).toMatchObject({ status: 200 });
});

test('of several projects it wants one named, and a login without rights is told', async () => {
  await expect(collecting.collector()).rejects.toThrow('--project');
  await using stranger = await createLogin(collecting.database.url);
  await expect(collecting.collector({ databaseUrl: stranger.url })).rejects.toThrow('halyard_collector');
});

test('an event that PostgreSQL cannot store is refused alone, whatever is brought beside it', async () => {
  await collecting.query(
    `alter table halyard.assignment add constraint test_refusal check (unit <> 'u-unstorable') not valid`,
  );
  const collector = await collecting.collector({ project: PROJECT });
  const before = await collecting.counted();
  const events = Array.from({ length: 20 }, (_, at) =>
    exposure({ unit: at === 13 ? 'u-unstorable' : `u-beside-${at}` }),
  );
  // Brought twice, it is no duplicate: it never counted.
  events.push(events[13] as (typeof events)[number]);
  const answers = await Promise.all([
    bring(collector.url, events),
    ...events.map(() => bring(collector.url, [track()])),
  ]);
  expect(answers[0]?.body).toEqual({
    counted: 19,
    duplicates: 0,
    refused: [13, 20].map((index) => ({ index, code: 'unstorable', reason: expect.any(String) })),
  });
  expect(answers.slice(1).every(({ body }) => body.counted === 1)).toBe(true);
  expect((await collecting.counted()).ids - before.ids).toBe(19 + events.length);
  await collecting.query('alter table halyard.assignment drop constraint test_refusal');
  await collector.stop();
});

test('SIGTERM stops it once what it has taken is answered, and what was answered is committed', async () => {
  await using service = await KilledProcess.start([
    'collect',
    '--project',
    PROJECT,
    '--database-url',
    collecting.database.url,
  ]);
  const before = await collecting.counted();
  let counted = 0;
  let isOver = false;
  const callers = Array.from({ length: 4 }, async () => {
    while (!isOver) {
      const answer = await bring(
        service.url,
        Array.from({ length: 50 }, () => track()),
      ).catch(() => undefined);
      if (answer?.status === 200) counted += answer.body.counted;
      else isOver = true;
    }
  });
  await until(() => counted > 1_000);
  expect(await service.stop()).toBe(0);
  await Promise.all(callers);
  expect((await collecting.counted()).ids - before.ids).toBe(counted);
});

test('`halyard assignment` says the arm, when, and the crossover; 1 where there is none, and 2 for what is not applied', async () => {
  const collector = await collecting.collector({ project: PROJECT });
  const atMs = Date.now() - 5_000;
  await bring(collector.url, [exposure({ unit: 'u-cli', atMs, revision: 9 })]);
  await bring(collector.url, [exposure({ unit: 'u-cli', atMs: atMs + 1_000, arm: 'off' })]);
  const run = (...args: string[]) => assignment(collecting.database.url, ...args);
  const found = await run('layout', 'u-cli');
  expect(found).toMatchObject({
    code: 0,
    text: expect.stringContaining(`on in prod since ${new Date(atMs).toISOString()}`),
  });
  expect(found.text).toContain('crossed over to off');
  const { code, text } = await run('layout', 'u-cli', '--environment', 'prod', '--format', 'json');
  expect({ code, said: JSON.parse(text) }).toEqual({
    code: 0,
    said: {
      project: PROJECT,
      experiment: 'layout',
      assignments: [
        {
          environment: 'prod',
          unit: 'u-cli',
          unitAttribute: 'targetingKey',
          arm: 'on',
          at: new Date(atMs).toISOString(),
          revision: 9,
          crossover: { arm: 'off', at: new Date(atMs + 1_000).toISOString() },
        },
      ],
    },
  });
  expect(await run('layout', 'u-nobody')).toMatchObject({
    code: 1,
    text: expect.stringContaining('never exposed'),
  });
  expect(await run('nothing', 'u-cli')).toMatchObject({ code: 2 });
  expect(await run('layout', 'u-cli', '--environment', 'staging')).toMatchObject({ code: 2 });
  await collector.stop();
});

test('`halyard assignment` finds a personal unit by its pseudonym, or by the key that makes it', async () => {
  const project = { environments: { prod: {} }, attributes: { contact: { type: 'object', personal: true } } };
  const experiment = {
    ...DEFINITIONS.find(({ kind }) => kind === 'experiment')?.body,
    experiment: 'mail',
    unit: 'contact.email',
  };
  await applyCommit(collecting.pool, PROJECT, [
    { kind: 'project', key: PROJECT, body: project },
    { kind: 'experiment', key: 'mail', body: experiment },
  ]);
  const folder = await temporaryFolder('halyard-key-');
  const keyFile = join(folder, 'unit.key');
  await writeFile(keyFile, `${'k'.repeat(43)}\n`, { mode: 0o600 });
  const unit = pseudonym(await readUnitKey(keyFile), 'contact.email', 'ada@example.com');
  const collector = await collecting.collector({ project: PROJECT });
  await bring(collector.url, [exposure({ experiment: 'mail', unitAttribute: 'contact.email', unit })]);
  const run = (...args: string[]) => assignment(collecting.database.url, 'mail', ...args);
  expect(await run('ada@example.com', '--unit-key-file', keyFile)).toMatchObject({ code: 0 });
  expect(await run('eve@example.com', '--unit-key-file', keyFile)).toMatchObject({
    code: 1,
    text: expect.stringMatching(/never exposed to \S+, as far as the key is that of the relays/),
  });
  expect(await run(unit)).toMatchObject({ code: 0 });
  const refused = await run('ada@example.com');
  expect(refused).toMatchObject({ code: 2, text: expect.stringContaining('--unit-key-file') });
  expect(refused.text).not.toContain('ada@');
  await collector.stop();
  await rm(folder, { recursive: true });
});

async function assignment(databaseUrl: string, ...args: string[]): Promise<{ code: number; text: string }> {
  const main = new URL('../../src/cli/main.ts', import.meta.url).pathname;
  const env = { ...process.env, HALYARD_DATABASE_URL: databaseUrl, NO_COLOR: '1' };
  const all = [main, 'assignment', ...args, '--project', PROJECT];
  return promisify(execFile)(process.execPath, all, { env }).then(
    ({ stdout }) => ({ code: 0, text: stdout }),
    ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({
      code,
      text: stdout + stderr,
    }),
  );
}
