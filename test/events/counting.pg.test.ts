// What counts: each event once, whoever brings it how often; the first arm of a unit; what came, as it came.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Collector } from '../../src/events/main.ts';
import { eventUuid } from '../../src/model/event-shape.ts';
import { ask, bring, Collecting, exposure, track } from './collecting.ts';
import { PROJECT } from './definitions.ts';

let collecting: Collecting;
let url: string;
let other: Collector;

beforeAll(async () => {
  collecting = await Collecting.create();
  url = (await collecting.collector()).url;
  other = await collecting.collector();
});
afterAll(() => collecting[Symbol.asyncDispose]());
beforeEach(async () => {
  for (const table of ['event_id', 'assignment', 'track_event'])
    await collecting.query(`delete from halyard.${table}`);
});

async function assignmentOf(unit: string) {
  const { body } = await ask(url, `/v1/assignments?experiment=layout&environment=prod&unit=${unit}`);
  return body.assignments?.[0];
}

test('an event is kept as it came, a row for each of its units', async () => {
  const atMs = Date.now() - 1_234;
  const event = track({
    atMs,
    units: { targetingKey: 'u-1', company: 'hmac:abc' },
    value: 0.1,
    properties: { amount: 12.5, gift: true, note: 'a "quoted" \\ {text},\nümläut 🙂' },
  });
  expect((await bring(url, [event], { gzip: true })).body).toEqual({
    counted: 1,
    duplicates: 0,
    refused: [],
  });
  const rows = await collecting.query(
    'select t.*, extract(epoch from t.at) * 1000 as at_ms from halyard.track_event t order by unit_attribute',
  );
  const common = {
    project: PROJECT,
    environment: 'prod',
    event: 'purchase',
    value: 0.1,
    properties: event.properties,
  };
  expect(rows).toMatchObject([
    { ...common, unit_attribute: 'company', unit: 'hmac:abc' },
    { ...common, unit_attribute: 'targetingKey', unit: 'u-1' },
  ]);
  expect(rows.map((row) => Number((row as { at_ms: string }).at_ms))).toEqual([atMs, atMs]);
});

test('batches that are brought three times change nothing the second and the third time', async () => {
  const batches = Array.from({ length: 5 }, (_, batch) =>
    Array.from({ length: 200 }, (_, at) =>
      at % 2 === 0
        ? exposure({ unit: `u-${batch}-${at}`, arm: at % 4 === 0 ? 'on' : 'off' })
        : track({ units: { targetingKey: `u-${batch}-${at - 1}` } }),
    ),
  );
  const bringAll = async () => {
    const answers = [];
    for (const batch of batches) answers.push((await bring(url, batch)).body);
    return answers;
  };
  const state = async () => [
    await collecting.query('select * from halyard.event_id order by id'),
    await collecting.query('select * from halyard.assignment order by unit'),
    await collecting.query('select * from halyard.track_event order by unit, at'),
  ];
  expect(await bringAll()).toEqual(batches.map(() => ({ counted: 200, duplicates: 0, refused: [] })));
  const before = await state();
  for (let round = 0; round < 2; round++) {
    expect(await bringAll()).toEqual(batches.map(() => ({ counted: 0, duplicates: 200, refused: [] })));
    expect(await state()).toEqual(before);
  }
  expect(await collecting.counted()).toEqual({ ids: 1_000, assignments: 500, events: 500 });
});

test('an id that is there twice in one batch counts once, the first', async () => {
  const events = [track({ id: 'same', value: 1 }), track({ id: 'same', value: 2 })];
  expect((await bring(url, events)).body).toEqual({ counted: 1, duplicates: 1, refused: [] });
  expect(await collecting.query('select value from halyard.track_event')).toEqual([{ value: 1 }]);
});

test('two collectors that are brought the same batches at once, in different orders, count each event once', async () => {
  const events = Array.from({ length: 2_000 }, (_, at) =>
    at % 2 === 0 ? exposure({ unit: `u-${at % 300}` }) : track({ units: { targetingKey: `u-${at % 300}` } }),
  );
  const batches = Array.from({ length: 20 }, (_, at) => events.slice(at * 100, at * 100 + 100));
  const answers = await Promise.all(
    [
      ...batches.map((batch) => [url, batch] as const),
      ...batches.toReversed().map((batch) => [other.url, batch.toReversed()] as const),
    ].map(async ([to, batch]) => (await bring(to, batch)).body),
  );
  const sum = (of: 'counted' | 'duplicates') => answers.reduce((all, answer) => all + answer[of], 0);
  expect([sum('counted'), sum('duplicates')]).toEqual([2_000, 2_000]);
  expect(await collecting.counted()).toEqual({ ids: 2_000, assignments: 150, events: 1_000 });
});

describe('the id of an event', () => {
  test('that is a UUID is kept as it is, whatever its case', async () => {
    const id = '019A0B5C-9D1E-7F00-8A00-00000000ABCD';
    await bring(url, [track({ id }), track({ id: id.toLowerCase() })]);
    expect(await collecting.query('select id from halyard.event_id')).toEqual([{ id: id.toLowerCase() }]);
  });

  test('that is none is kept as the documented UUIDv8', async () => {
    await bring(url, [track({ id: 'order-4711' })]);
    const [row] = await collecting.query<{ id: string }>(
      `select encode(substring(sha256(convert_to($1, 'UTF8')) for 16), 'hex') as hash, id from halyard.event_id`,
      [`${PROJECT}\norder-4711`],
    );
    const { hash, id } = row as unknown as { hash: string; id: string };
    const bare = id.replaceAll('-', '');
    const masked = (text: string) => text.slice(0, 12) + text.slice(13, 16) + text.slice(17);
    expect(masked(bare)).toBe(masked(hash));
    expect(id).toMatch(/^.{8}-.{4}-8.{3}-[89ab].{3}-.{12}$/);
    expect(id).toBe(eventUuid(PROJECT, 'order-4711'));
  });
});

describe('the arm of a unit', () => {
  const startMs = Date.now() - 100_000;
  const at = (ms: number) => startMs + ms;

  test('is the first that was written; a later different one is the crossover, once', async () => {
    const first = exposure({ arm: 'on', atMs: at(10), revision: 3 });
    const second = exposure({ arm: 'off', atMs: at(20), revision: 4 });
    await bring(url, [first]);
    expect(await assignmentOf('u-1')).toEqual({
      unit: 'u-1',
      unitAttribute: 'targetingKey',
      arm: 'on',
      at: new Date(first.atMs).toISOString(),
      revision: 3,
      crossover: null,
    });
    await bring(url, [second]);
    const crossed = await assignmentOf('u-1');
    expect(crossed).toMatchObject({
      arm: 'on',
      revision: 3,
      crossover: { arm: 'off', at: new Date(second.atMs).toISOString() },
    });
    await bring(url, [exposure({ arm: 'off', atMs: at(30) }), exposure({ arm: 'on', atMs: at(40) })]);
    expect(await assignmentOf('u-1')).toEqual(crossed);
  });

  test('of several in one batch is that of the earliest', async () => {
    const events = [
      exposure({ arm: 'off', atMs: at(30) }),
      exposure({ arm: 'on', atMs: at(20), revision: 7 }),
      exposure({ arm: 'off', atMs: at(25) }),
    ];
    await bring(url, events);
    expect(await assignmentOf('u-1')).toMatchObject({
      arm: 'on',
      at: new Date(events[1]?.atMs ?? 0).toISOString(),
      revision: 7,
      crossover: { arm: 'off', at: new Date(events[2]?.atMs ?? 0).toISOString() },
    });
  });

  test('keeps its earliest exposure, whichever way round relays deliver', async () => {
    const late = exposure({ atMs: at(20), revision: 2 });
    const early = exposure({ atMs: at(10), revision: 1 });
    await bring(url, [late]);
    await bring(other.url, [early]);
    await bring(url, [exposure({ atMs: at(15) })]);
    expect(await assignmentOf('u-1')).toMatchObject({
      at: new Date(early.atMs).toISOString(),
      revision: 1,
      crossover: null,
    });
  });

  test('keeps its earliest exposure where a later one comes with a crossover', async () => {
    const first = exposure({ atMs: at(10), revision: 1 });
    await bring(url, [first]);
    await bring(url, [exposure({ atMs: at(20), revision: 2 }), exposure({ arm: 'off', atMs: at(25) })]);
    expect(await assignmentOf('u-1')).toMatchObject({
      arm: 'on',
      at: new Date(first.atMs).toISOString(),
      revision: 1,
      crossover: { arm: 'off', at: new Date(at(25)).toISOString() },
    });
  });

  test('keeps its earliest exposure where it comes behind a crossover that was earlier still', async () => {
    await bring(url, [exposure({ atMs: at(20), revision: 2 })]);
    const behind = exposure({ atMs: at(10), revision: 1 });
    await bring(url, [exposure({ arm: 'off', atMs: at(5) }), behind]);
    expect(await assignmentOf('u-1')).toMatchObject({
      arm: 'on',
      at: new Date(behind.atMs).toISOString(),
      revision: 1,
      crossover: { arm: 'off', at: new Date(at(5)).toISOString() },
    });
  });

  test('that was written first stays, also where another was given earlier', async () => {
    await bring(url, [exposure({ arm: 'on', atMs: at(20) })]);
    await bring(url, [exposure({ arm: 'off', atMs: at(10) })]);
    expect(await assignmentOf('u-1')).toMatchObject({ arm: 'on', crossover: { arm: 'off' } });
  });

  test('is one for each environment’s experiment, and unknown units have none', async () => {
    await bring(url, [exposure({ unit: 'a' }), exposure({ unit: 'ä/ü&?' })]);
    const found = await ask(
      url,
      `/v1/assignments?experiment=layout&environment=prod&unit=${encodeURIComponent('ä/ü&?')}`,
    );
    expect(found.body).toMatchObject({ project: PROJECT, assignments: [{ unit: 'ä/ü&?' }] });
    for (const path of [
      'experiment=layout&environment=dev&unit=a',
      'experiment=layout&environment=prod&unit=b',
    ])
      expect((await ask(url, `/v1/assignments?${path}`)).status).toBe(404);
  });
});

test('assignments come in pages, each once', async () => {
  const units = Array.from({ length: 25 }, (_, at) => `unit ${at} ${at % 2 ? 'é' : 'z'}`);
  await bring(
    url,
    units.map((unit) => exposure({ unit })),
  );
  const found: string[] = [];
  for (let after: string | undefined = ''; after !== undefined; ) {
    const { body } = await ask(
      url,
      `/v1/assignments?experiment=layout&environment=prod&limit=10&after=${encodeURIComponent(after)}`,
    );
    found.push(...body.assignments.map((assignment: { unit: string }) => assignment.unit));
    after = body.after;
  }
  expect(found).toHaveLength(25);
  expect(new Set(found)).toEqual(new Set(units));
});
