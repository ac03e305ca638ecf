// What is refused: bad events one by one with a reason, requests that are too much, callers without a token; and nothing grows by it.
import { writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLog } from '../../src/io/log.ts';
import { applyCommit } from '../audit/writing.ts';
import { temporaryFolder } from '../support/git-repository.ts';
import { type Answer, ask, bring, Collecting, exposure, linesOf, track } from './collecting.ts';
import { PROJECT } from './definitions.ts';

let collecting: Collecting;
let url: string;

beforeAll(async () => {
  collecting = await Collecting.create();
  url = (await collecting.collector({ retentionMs: 30 * 86_400_000 })).url;
});
afterAll(() => collecting[Symbol.asyncDispose]());

const DAY_MS = 86_400_000;
const { unit: _unit, ...withoutUnit } = exposure();
const json = (event: object, field: string, literal: string) =>
  JSON.stringify({ ...event, [field]: 0 }).replace(new RegExp(`"${field}":0`), `"${field}":${literal}`);

/** Each as a line, with the code that it is refused with. */
const BAD: [what: string, code: string, line: unknown][] = [
  ['no JSON', 'malformed', '{"type":"track",'],
  ['a number', 'malformed', '17'],
  ['null', 'malformed', 'null'],
  ['an array', 'malformed', '[]'],
  ['NaN, which is no JSON', 'malformed', json(track(), 'value', 'NaN')],
  ['-Infinity, which is no JSON', 'malformed', json(track(), 'value', '-Infinity')],
  ['no type', 'type', {}],
  ['an unknown type', 'type', { ...track(), type: 'click' }],
  ['an exposure without unit', 'missing', withoutUnit],
  ['a track event without units', 'missing', { ...track(), units: undefined }],
  ['no id', 'missing', { ...track(), id: undefined }],
  ['an empty id', 'length', track({ id: '' })],
  ['an id of 101 characters', 'length', track({ id: 'x'.repeat(101) })],
  ['an id with a space', 'text', track({ id: 'a b' })],
  ['an id that is a number', 'wrong-type', { ...track(), id: 7 }],
  ['a unit of 501 characters', 'length', exposure({ unit: 'x'.repeat(501) })],
  ['a unit that is a number', 'wrong-type', { ...exposure(), unit: 7 }],
  ['U+0000 in a unit', 'text', exposure({ unit: 'a\0b' })],
  ['U+0000 in a property', 'text', track({ properties: { note: '\0' } })],
  ['U+0000 in the name of a property', 'text', track({ properties: { 'a\0': 1 } })],
  [
    'half of a surrogate pair',
    'text',
    '{"type":"track","id":"s","environment":"prod","atMs":1,"event":"purchase","units":{"targetingKey":"\\ud800"}}',
  ],
  ['units without any', 'count', track({ units: {} })],
  [
    '17 units',
    'count',
    track({ units: Object.fromEntries(Array.from({ length: 17 }, (_, at) => [`a${at}`, 'u'])) }),
  ],
  [
    '51 properties',
    'count',
    track({ properties: Object.fromEntries(Array.from({ length: 51 }, (_, at) => [`p${at}`, 1])) }),
  ],
  ['a property that is an object', 'wrong-type', { ...track(), properties: { a: {} } }],
  ['a property that is null', 'wrong-type', { ...track(), properties: { a: null } }],
  ['a property of 501 characters', 'length', track({ properties: { a: 'x'.repeat(501) } })],
  ['a value beyond a double', 'number', json(track(), 'value', '1e999')],
  [
    'a property beyond a double',
    'number',
    `${JSON.stringify(track()).slice(0, -1)},"properties":{"a":-1e999}}`,
  ],
  ['a value that is a text', 'wrong-type', { ...track(), value: '7' }],
  ['a time with a fraction', 'number', track({ atMs: Date.now() + 0.5 })],
  ['a time beyond all calendars', 'number', json(track(), 'atMs', '1e300')],
  ['a time as a text', 'wrong-type', { ...track(), atMs: '2026-01-01' }],
  ['a revision below 0', 'number', exposure({ revision: -1 })],
  ['a revision beyond an integer', 'number', exposure({ revision: 2 ** 31 })],
  ['ten minutes ahead', 'future', track({ atMs: Date.now() + 600_000 })],
  ['older than the retention', 'expired', track({ atMs: Date.now() - 31 * DAY_MS })],
  ['the year 1970', 'expired', exposure({ atMs: 0 })],
  ['an unknown environment', 'environment', track({ environment: 'staging' })],
  ['an unknown experiment', 'experiment', exposure({ experiment: 'nothing' })],
  ['an experiment that runs elsewhere', 'experiment', exposure({ environment: 'dev' })],
  ['an arm that it does not have', 'arm', exposure({ arm: 'maybe' })],
  ['an event that no metric reads', 'event', track({ event: 'scroll' })],
  ['an event named as an object’s member', 'event', track({ event: 'constructor' })],
];

test.each(BAD)('%s is refused as "%s", and its neighbours count', async (_what, code, line) => {
  const { status, body } = await bring(url, [track(), line, track()]);
  expect({ status, body }).toEqual({
    status: 200,
    body: {
      counted: 2,
      duplicates: 0,
      refused: [{ index: 1, code, reason: expect.stringMatching(/^.{12,}\.$/) }],
    },
  });
});

test('what is at the limits counts', async () => {
  const texts = Object.fromEntries(Array.from({ length: 50 }, (_, at) => [`p${at}`, 'ü'.repeat(500)]));
  const events = [
    track({ id: '!'.repeat(100), properties: texts, value: -1.7976931348623157e308 }),
    track({ value: 5e-324, properties: { tiny: 5e-324, huge: 1.7976931348623157e308, zero: -0 } }),
    track({
      units: Object.fromEntries(
        Array.from({ length: 16 }, (_, at) => [`${at}${'ü'.repeat(98)}`, '語'.repeat(500)]),
      ),
    }),
    exposure({ unit: '🙂'.repeat(250), revision: 2 ** 31 - 1, atMs: Date.now() + 240_000 }),
    track({ atMs: Date.now() - 29 * DAY_MS }),
    JSON.stringify({ ...track(), later: { added: [1, 2] } }),
  ];
  expect((await bring(url, events)).body).toEqual({ counted: 6, duplicates: 0, refused: [] });
});

test('bytes that are no UTF-8 are refused, and empty lines are passed over', async () => {
  const body = Buffer.concat([
    Buffer.from(`\n${linesOf([track()])}`),
    Buffer.from('{"type":"track","id":"\xff"}\n', 'latin1'),
    Buffer.from(`\r\n${JSON.stringify(track())}`),
  ]);
  expect((await bring(url, body)).body).toMatchObject({
    counted: 2,
    refused: [{ index: 2, code: 'malformed', reason: 'The line is not UTF-8.' }],
  });
});

test('a reason tells nothing of what the event holds', async () => {
  const secret = 'ada@example.com';
  const bad = [
    exposure({ unit: secret, arm: secret }),
    track({ units: { [secret]: `${secret}\0` } }),
    track({ event: secret, properties: { [secret]: 'x'.repeat(501) } }),
    `{"${secret}"`,
  ];
  const { body } = await bring(url, bad);
  expect(body.refused).toHaveLength(4);
  expect((await ask(url, '/metrics')).body).not.toContain(secret);
  expect(JSON.stringify(body)).not.toContain(secret);
  expect(JSON.stringify((await ask(url, '/v1/status')).body)).not.toContain(secret);
});

test('the log says by code what is refused, at once and then once a minute, and nothing of what it was', async () => {
  const lines: { message: string; codes?: object }[] = [];
  const to = { write: (line: string) => void lines.push(JSON.parse(line)) };
  const log = createLog({ service: 'collector', version: '0', to });
  const collector = await collecting.collector({ log });
  await bring(collector.url, [track({ event: 'secret-name' }), exposure({ arm: 'secret-name' }), '{']);
  for (let time = 0; time < 3; time++) await bring(collector.url, [track({ event: 'secret-name' })]);
  const told = () => lines.filter(({ message }) => message === 'events refused').map(({ codes }) => codes);
  expect(told()).toEqual([{ malformed: 1, event: 1, arm: 1 }]);
  await collector.stop();
  expect(told()).toEqual([{ malformed: 1, event: 1, arm: 1 }, { event: 3 }]);
  expect(JSON.stringify(lines)).not.toContain('secret-name');
});

test('20,000 distinct names of events, experiments and environments leave no row and no series', async () => {
  const seriesOf = async () =>
    String((await ask(url, '/metrics')).body)
      .match(/^halyard_collector\S+/gm)
      ?.sort();
  await bring(url, [track({ event: 'x' }), exposure({ experiment: 'x' }), track({ environment: 'x' })]);
  const before = { rows: await collecting.counted(), series: await seriesOf() };
  for (let batch = 0; batch < 4; batch++) {
    const events = Array.from({ length: 5_000 }, (_, at) => {
      const name = `name-${batch}-${at}`;
      return [track({ event: name }), exposure({ experiment: name }), track({ environment: name })][at % 3];
    });
    expect((await bring(url, events, { gzip: true })).body.refused).toHaveLength(5_000);
  }
  expect({ rows: await collecting.counted(), series: await seriesOf() }).toEqual(before);
});

test('what was merged a moment ago is known', async () => {
  const added = {
    kind: 'metric',
    key: 'signup',
    body: { metric: 'signup', type: 'binary', event: 'signup' },
  };
  await applyCommit(collecting.pool, PROJECT, [added]);
  expect((await bring(url, [track({ event: 'signup' })])).body).toMatchObject({ counted: 1, refused: [] });
});

test('what is merged while the clock is set back by an hour is known too', async () => {
  let nowMs = Date.now();
  const collector = await collecting.collector({ now: () => nowMs });
  nowMs -= 3_600_000;
  const metric = { metric: 'later', type: 'binary', event: 'later' };
  await applyCommit(collecting.pool, PROJECT, [{ kind: 'metric', key: 'later', body: metric }]);
  const { body } = await bring(collector.url, [track({ event: 'later', atMs: nowMs })]);
  expect(body).toMatchObject({ counted: 1, refused: [] });
  await collector.stop();
});

describe('a request', () => {
  test('whose content-type is another is refused', async () => {
    for (const type of ['application/json', 'text/plain', 'multipart/form-data'])
      expect(await bring(url, [track()], { headers: { 'content-type': type } })).toMatchObject({
        status: 415,
      });
  });

  test('whose encoding is another, or that is not what its encoding says, is refused whole', async () => {
    const before = await collecting.counted();
    for (const encoding of ['br', 'deflate', 'gzip, gzip'])
      expect(await bring(url, [track()], { headers: { 'content-encoding': encoding } })).toMatchObject({
        status: 415,
      });
    expect(await bring(url, [track()], { headers: { 'content-encoding': 'gzip' } })).toMatchObject({
      status: 400,
    });
    const cut = gzipSync(linesOf(Array.from({ length: 100 }, () => track()))).subarray(0, -20);
    expect(await bring(url, Buffer.from(cut), { headers: { 'content-encoding': 'gzip' } })).toMatchObject({
      status: 400,
    });
    expect(await collecting.counted()).toEqual(before);
  });

  test('that unpacks to more than it may is left off at the limit, whatever it would become', async () => {
    const bomb = gzipSync(Buffer.alloc(300 * 1024 * 1024, 0x20), { level: 9 });
    expect(bomb.length).toBeLessThan(1024 * 1024);
    const before = process.memoryUsage().arrayBuffers;
    expect(await bring(url, bomb, { headers: { 'content-encoding': 'gzip' } })).toMatchObject({
      status: 413,
      body: { errorCode: 'TOO_LARGE' },
    });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(150 * 1024 * 1024);
    expect((await ask(url, '/v1/status')).body.waiting).toEqual({ requests: 0, bytes: 0 });
  });

  test('with more bytes or more events than are taken at once is refused whole', async () => {
    const small = await collecting.collector({ maxBodyBytes: 2_000, maxEvents: 5, maxUnpackedBytes: 3_000 });
    expect(await bring(small.url, Buffer.alloc(2_001, 0x0a))).toMatchObject({ status: 413 });
    expect(await bring(small.url, Buffer.from('\n'.repeat(6)))).toMatchObject({ status: 413 });
    expect(await bring(small.url, [track(), track(), track(), track(), track()])).toMatchObject({
      status: 200,
    });
  });

  test('for which there is no room is told to come again', async () => {
    const small = await collecting.collector({
      maxInFlightBytes: 4_000,
      maxUnpackedBytes: 4_000,
      maxBodyBytes: 4_000,
    });
    // One that does not end holds its bytes.
    const slow = request(`${small.url}/v1/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson', 'content-length': 3_999 },
    });
    slow.on('error', () => {});
    slow.write(Buffer.alloc(3_900, 0x0a));
    const waiting = () => (small.status() as { waiting: { bytes: number } }).waiting.bytes;
    await expect.poll(waiting, { timeout: 20_000 }).toBe(3_900);
    const refused = await bring(small.url, [track()]);
    expect(refused).toMatchObject({ status: 429, body: { errorCode: 'BUSY' } });
    expect(refused.headers.get('retry-after')).toBe('1');
    slow.destroy();
    await expect.poll(waiting, { timeout: 20_000 }).toBe(0);
    expect(await bring(small.url, [track()])).toMatchObject({ status: 200 });
  });

  test('that waits for PostgreSQL holds its room until it is answered', async () => {
    const limits = { maxInFlightBytes: 4_000, maxUnpackedBytes: 4_000, maxBodyBytes: 4_000 };
    const small = await collecting.collector(limits);
    const waiting = () => (small.status() as { waiting: { bytes: number } }).waiting.bytes;
    let held: Promise<Answer> | undefined;
    await collecting.pool.withConnection(async (connection) => {
      await connection.query('begin');
      await connection.query('lock table halyard.event_id in share mode');
      const events = Array.from({ length: 10 }, () => track());
      held = bring(small.url, events);
      await expect.poll(waiting, { timeout: 20_000 }).toBe(linesOf(events).length);
      const more = Array.from({ length: 30 }, () => track());
      expect(await bring(small.url, more)).toMatchObject({ status: 429, body: { errorCode: 'BUSY' } });
      await connection.query('rollback');
    });
    expect((await held)?.body).toMatchObject({ counted: 10 });
    expect(waiting()).toBe(0);
  });

  test('for another address, or for assignments of nothing, is told what is wrong', async () => {
    expect(await ask(url, '/v1/nothing')).toMatchObject({ status: 404, body: { errorCode: 'NOT_FOUND' } });
    for (const query of [
      '',
      '?experiment=layout',
      '?experiment=a&environment=b&limit=0',
      '?experiment=a&experiment=b',
      '?experiment=%00&environment=b',
    ])
      expect(await ask(url, `/v1/assignments${query}`)).toMatchObject({ status: 400 });
  });

  test('of a page of another site, by a name of its own, is refused', async () => {
    const status = await new Promise((resolve, reject) => {
      const call = request(`${url}/v1/status`, { headers: { host: 'evil.example' } }, (answer) =>
        resolve(answer.resume().statusCode),
      );
      call.on('error', reject).end();
    });
    expect(status).toBe(403);
  });
});

describe('with a token file', () => {
  test('every address but the probes asks for a token, and another file’s are taken after a reload', async () => {
    const folder = await temporaryFolder('halyard-tokens-');
    const tokenFile = join(folder, 'tokens');
    await writeFile(tokenFile, '# relays\nfirst\n');
    const guarded = await collecting.collector({ tokenFile, listen: '0.0.0.0:0' });
    const place = guarded.url.replace('0.0.0.0', '127.0.0.1');
    const as = (token: string) => ({ authorization: `Bearer ${token}` });
    for (const path of [
      '/v1/status',
      '/metrics',
      '/openapi.json',
      '/v1/assignments?experiment=layout&environment=prod',
    ]) {
      expect(await ask(place, path)).toMatchObject({ status: 401 });
      expect(await ask(place, path, as('first'))).toMatchObject({ status: 200 });
    }
    for (const path of ['/livez', '/readyz']) expect(await ask(place, path)).toMatchObject({ status: 200 });
    expect(await bring(place, [track()])).toMatchObject({ status: 401 });
    await writeFile(tokenFile, 'second\n');
    await guarded.reload();
    expect(await bring(place, [track()], { headers: as('first') })).toMatchObject({ status: 401 });
    expect(await bring(place, [track()], { headers: { 'x-api-key': 'second' } })).toMatchObject({
      status: 200,
    });
    await writeFile(tokenFile, '# none\n');
    await expect(guarded.reload()).rejects.toThrow('holds no token');
    expect(await bring(place, [track()], { headers: as('second') })).toMatchObject({ status: 200 });
  });

  test('is what anything but loopback needs', async () => {
    await expect(collecting.collector({ listen: '0.0.0.0:0' })).rejects.toThrow('--token-file');
  });
});

test('openapi.json describes every route, and the metrics and the status count what came', async () => {
  const { body } = await ask(url, '/openapi.json');
  expect(Object.keys(body.paths)).toEqual([
    '/v1/events',
    '/v1/assignments',
    '/v1/status',
    '/livez',
    '/readyz',
    '/metrics',
  ]);
  const status = (await ask(url, '/v1/status')).body;
  expect(status).toMatchObject({
    project: PROJECT,
    ready: true,
    definitions: { environments: 2, experiments: 1 },
    retention: { days: 30 },
  });
  const metrics = String((await ask(url, '/metrics')).body);
  expect(metrics).toContain(`halyard_collector_events_total{result="refused"} ${status.events.refused}`);
  expect(metrics).toContain('halyard_collector_database_up 1');
});
