// How a collector lives: without PostgreSQL, with one that is not fit, until it is told to stop.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Pool } from '../../src/db/pool.ts';
import { createLog } from '../../src/io/log.ts';
import { applyCommit } from '../audit/writing.ts';
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
  await using two = await Collecting.create();
  const other = { project: 'acme/other', environments: { prod: {} } };
  await applyCommit(two.pool, 'acme/other', [{ kind: 'project', key: 'acme/other', body: other }]);
  await expect(two.collector()).rejects.toThrow('--project');
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
