// The statement that reduces raw events to moments, against the same numbers computed unit by unit in another language.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Queryable } from '../../src/db/pool.ts';
import { readGrowth } from '../../src/experiments/information.ts';
import { readMoments } from '../../src/experiments/moments.ts';
import { readTogether } from '../../src/experiments/readers.ts';
import type { Scope } from '../../src/experiments/scope.ts';
import { windowMs } from '../../src/experiments/scope.ts';
import { readUnits } from '../../src/experiments/units.ts';
import type { MetricDefinition } from '../../src/model/definitions.gen.ts';
import { informationGrowth } from '../../src/stats/sequential/information.ts';
import { momentsOf } from '../stats/golden/variants/moments.ts';
import { percentile } from '../stats/golden/variants/winsorise.ts';
import { SHOP_METRICS, shoppers } from './shoppers.ts';
import { day, EXPERIMENT, PROJECT, START_MS, type Tracked, type Unit, World } from './world.ts';

const ARMS = ['off', 'on'];
const DAYS = 4;
const DAY_MS = 86_400_000;
/** Windows of some are over and of others not. */
const AT_MS = day(8);
const scope: Scope = {
  ...{ project: PROJECT, environment: 'prod', experiment: EXPERIMENT, unit: 'targetingKey', atMs: AT_MS },
};
const data = shoppers(400, 20_260_301);

let world: World;
beforeAll(async () => {
  world = await World.create();
  await world.assign(data.units);
  await world.track(data.events);
  // What belongs to others must not count.
  await world.pool.query(
    `insert into halyard.assignment (project, environment, experiment, unit, unit_attribute, arm, at)
     select 'acme/other', a.environment, a.experiment, a.unit, a.unit_attribute, 'on', a.at from halyard.assignment a
     union all select a.project, 'dev', a.experiment, a.unit, a.unit_attribute, 'on', a.at from halyard.assignment a
     union all select a.project, a.environment, 'another', a.unit, a.unit_attribute, 'on', a.at from halyard.assignment a`,
  );
  await world.pool.query(
    `insert into halyard.track_event (project, environment, event, unit_attribute, unit, at, value, properties)
     select e.project, v.environment, e.event, v.attribute, e.unit, e.at, 1e6, '{"amount": 1000000}'
     from halyard.track_event e, (values ('dev', 'targetingKey'), ('prod', 'email')) as v (environment, attribute)`,
  );
});
afterAll(() => world[Symbol.asyncDispose]());

/** Each unit's value after its exposure and before it; null where a mean has none. */
function perUnit(
  metric: MetricDefinition,
  { unit, atMs }: Unit,
  byMs = AT_MS,
): { y: number | null; x: number | null } {
  const own = data.events.filter((event) => event.unit === unit && event.atMs <= byMs);
  const until = atMs + (windowMs(metric) ?? Number.POSITIVE_INFINITY);
  const after = own.filter((event) => event.atMs >= atMs && event.atMs < until);
  const before = own.filter((event) => event.atMs < atMs && event.atMs >= atMs - DAYS * DAY_MS);
  if (metric.type === 'ratio') {
    const count = (name?: string) => after.filter(({ event }) => event === name).length;
    return { y: count(metric.numerator), x: count(metric.denominator) };
  }
  const reduced = (events: Tracked[]) => {
    const named = events.filter(({ event }) => event === metric.event);
    if (metric.type === 'binary') return named.length > 0 ? 1 : 0;
    if (metric.type === 'count' && metric.value === undefined) return named.length;
    const values = named.flatMap(({ value, properties }) => {
      const found = metric.value === 'value' ? value : properties?.[metric.value ?? ''];
      return typeof found === 'number' ? [found] : [];
    });
    const sum = values.reduce((total, value) => total + value, 0);
    return metric.type === 'count' ? sum : values.length === 0 ? null : sum / values.length;
  };
  return { y: reduced(after), x: reduced(before) };
}

function expectedOf(metric: MetricDefinition) {
  const rows = data.units
    .filter(({ crossedOverMs = Number.POSITIVE_INFINITY, atMs }) => crossedOverMs > AT_MS && atMs <= AT_MS)
    .map((unit) => ({ arm: unit.arm, ...perUnit(metric, unit) }))
    .filter((row): row is typeof row & { y: number } => row.y !== null);
  const cut = (values: number[]) => {
    const cap = metric.cap === undefined || metric.type === 'binary' ? null : percentile(values, metric.cap);
    return cap ?? Number.POSITIVE_INFINITY;
  };
  const caps = { y: cut(rows.map(({ y }) => y)), x: cut(rows.flatMap(({ x }) => x ?? [])) };
  const known = rows.flatMap(({ x }) => (x === null ? [] : [Math.min(x, caps.x)]));
  const average = known.reduce((sum, x) => sum + x, 0) / known.length;
  return ARMS.map((arm) => {
    const own = rows
      .filter((row) => row.arm === arm)
      .map(({ y, x }) => ({ y: Math.min(y, caps.y), x: x === null ? average : Math.min(x, caps.x) }));
    const y = momentsOf(own.map((row) => row.y));
    const x = momentsOf(own.map((row) => row.x));
    const products = own.map((row) => (row.y - (y.mean ?? 0)) * (row.x - (x.mean ?? 0)));
    const covariance = products.reduce((sum, each) => sum + each, 0) / (own.length - 1);
    return { arm, y, x, covariance };
  });
}

describe.each(SHOP_METRICS.map((metric) => [metric.metric, metric] as const))('%s', (_name, metric) => {
  test('has the moments that its events have, unit by unit', async () => {
    const units = await readUnits(world.pool, scope, []);
    const arms = ARMS.map((arm) => ({ arm, units: units.find((each) => each.arm === arm)?.measured ?? 0 }));
    const covariateDays = metric.type === 'ratio' ? 0 : DAYS;
    const found = await readMoments(world.pool, scope, { metric, arms, covariateDays, sinceMs: START_MS });
    for (const [at, { arm, y, x, covariance }] of expectedOf(metric).entries()) {
      const own = found.arms[at];
      expect(own).toMatchObject({ arm, n: y.n });
      expect(own?.measured.mean).toBeCloseTo(y.mean ?? Number.NaN, 9);
      expect(own?.measured.variance).toBeCloseTo(y.variance ?? Number.NaN, 8);
      expect(own?.other?.mean).toBeCloseTo(x.mean ?? Number.NaN, 9);
      expect(own?.other?.variance).toBeCloseTo(x.variance ?? Number.NaN, 8);
      expect(own?.covariance).toBeCloseTo(covariance, 8);
      expect(own?.n).toBeGreaterThan(20);
    }
  });
});

/** In JavaScript, unit by unit: values less what CUPED or a ratio takes off, now and by an earlier instant. */
function expectedGrowth(metric: MetricDefinition, beforeMs: number): number | null {
  const rows = data.units
    .filter(({ crossedOverMs = Number.POSITIVE_INFINITY, atMs }) => crossedOverMs > AT_MS && atMs <= AT_MS)
    .map((unit) => ({
      arm: unit.arm,
      ...perUnit(metric, unit),
      before: unit.atMs <= beforeMs ? perUnit(metric, unit, beforeMs) : undefined,
    }))
    .filter((row): row is typeof row & { y: number } => row.y !== null);
  const cut = (values: number[]) =>
    metric.cap === undefined ? Number.POSITIVE_INFINITY : (percentile(values, metric.cap) as number);
  const caps = { y: cut(rows.map(({ y }) => y)), x: cut(rows.flatMap(({ x }) => x ?? [])) };
  const known = rows.flatMap(({ x }) => (x === null ? [] : [Math.min(x, caps.x)]));
  const average = known.reduce((sum, x) => sum + x, 0) / known.length;
  const other = (x: number | null | undefined) => Math.min(x ?? average, caps.x);
  const within = (own: typeof rows, pairOf: (row: (typeof rows)[number]) => [number, number]) =>
    ARMS.reduce((total, arm) => {
      const pairs = own.filter((row) => row.arm === arm).map(pairOf);
      const [a, b] = [0, 1].map((at) => momentsOf(pairs.map((pair) => pair[at] as number)).mean ?? 0) as [
        number,
        number,
      ];
      return total + pairs.reduce((sum, [one, two]) => sum + (one - a) * (two - b), 0);
    }, 0);
  const sum = (of: (row: (typeof rows)[number]) => number) => rows.reduce((total, row) => total + of(row), 0);
  const capped = (y: number) => Math.min(y, caps.y);
  const slope =
    metric.type === 'ratio'
      ? sum(({ y }) => y) / sum(({ x }) => x as number)
      : within(rows, ({ y, x }) => [capped(y), other(x)]) / within(rows, ({ x }) => [other(x), other(x)]);
  const now = ({ y, x }: (typeof rows)[number]) => capped(y) - slope * other(x);
  const was = ({ before }: (typeof rows)[number]) => capped(before?.y as number) - slope * other(before?.x);
  const early = rows.filter(({ before }) => before !== undefined && before.y !== null);
  return informationGrowth(
    {
      n: early.length,
      before: within(early, (row) => [was(row), was(row)]),
      now: within(early, (row) => [now(row), now(row)]),
      products: within(early, (row) => [was(row), now(row)]),
      changed: early.reduce((total, row) => total + (now(row) - was(row)) ** 2, 0),
    },
    { n: rows.length, now: within(rows, (row) => [now(row), now(row)]) },
  );
}

describe.each(SHOP_METRICS.map((metric) => [metric.metric, metric] as const))('%s', (_name, metric) => {
  test.each([2, 3.5, 5])(
    'knows as many times as much as on day %d as its units say, one by one',
    async (days) => {
      const sinceLast = AT_MS - day(days);
      const units = await readUnits(world.pool, scope, [sinceLast]);
      const own = (arm: string) => units.find((each) => each.arm === arm);
      const armsWith = (countOf: (arm: string) => number) =>
        ARMS.map((arm) => ({ arm, units: countOf(arm) }));
      const measured = (arm: string) => own(arm)?.measured ?? 0;
      const cupedDays = metric.type === 'ratio' ? 0 : DAYS;
      const question = { metric, covariateDays: cupedDays, sinceMs: START_MS };
      const moments = await readMoments(world.pool, scope, { ...question, arms: armsWith(measured) });
      const growth = await readGrowth(
        world.pool,
        scope,
        {
          ...question,
          arms: armsWith((arm) => measured(arm) - (own(arm)?.open[0] ?? 0)),
          exposedByMs: day(days),
        },
        { metric, moments, units: ARMS.map(measured), open: 0, cupedDays: DAYS },
      );
      const expected = expectedGrowth(metric, day(days));
      expect(growth).toBeGreaterThan(1);
      expect(growth).toBeCloseTo(expected ?? Number.NaN, 6);
    },
  );
});

test('a mean of 1e8 with a deviation of 1 keeps nine digits of its variance', async () => {
  const values = Array.from({ length: 2_000 }, (_, at) => 1e8 + Math.sin(at) + (at % 7) / 3);
  const units = values.map((_, at) => ({ unit: `far-${at}`, arm: 'off', atMs: START_MS }));
  await world.assign(units, 'far');
  await world.track(
    units.map(({ unit }, at) => ({ unit, event: 'far', atMs: START_MS + 1, value: values[at] })),
  );
  const { arms } = await readMoments(
    world.pool,
    { ...scope, experiment: 'far' },
    {
      metric: { metric: 'far', type: 'mean', direction: 'increase', event: 'far', value: 'value' },
      ...{ arms: [{ arm: 'off', units: values.length }], covariateDays: 0, sinceMs: START_MS },
    },
  );
  // Exact: the values less 1e8 lose nothing.
  const exact = momentsOf(values.map((value) => value - 1e8));
  expect((arms[0]?.measured.mean ?? 0) - 1e8).toBeCloseTo(exact.mean ?? 0, 6);
  expect((arms[0]?.measured.variance ?? 0) / (exact.variance ?? 1)).toBeCloseTo(1, 9);
});

test('what is absurd or no number is no value, and the statement goes on', async () => {
  const units = Array.from({ length: 4 }, (_, at) => ({ unit: `odd-${at}`, arm: 'off', atMs: START_MS }));
  await world.assign(units, 'odd');
  const odd = [1e308, true, '7', null, [1], { a: 1 }, 1e101, 5];
  await world.track(
    odd.map((amount, at) => ({
      unit: `odd-${at % 4}`,
      event: 'odd',
      atMs: START_MS + at,
      properties: { amount },
    })),
  );
  const { arms } = await readMoments(
    world.pool,
    { ...scope, experiment: 'odd' },
    {
      metric: { metric: 'odd', type: 'count', direction: 'increase', event: 'odd', value: 'amount' },
      ...{ arms: [{ arm: 'off', units: 4 }], covariateDays: 0, sinceMs: START_MS },
    },
  );
  expect(arms[0]).toMatchObject({ n: 4, measured: { mean: 1.25 } });
});

test('days before an exposure are of 24 hours, whatever the time zone of the database', async () => {
  const atMs = Date.parse('2026-03-30T00:00:00Z');
  await world.assign([{ unit: 'berlin', arm: 'off', atMs }], 'spring');
  // Two days and no more before, and in Berlin an hour before that, since the clock went forward.
  await world.track([{ unit: 'berlin', event: 'spring', atMs: atMs - 2 * DAY_MS }]);
  const asked = {
    metric: { metric: 'spring', type: 'count', direction: 'increase', event: 'spring' },
    ...{ arms: [{ arm: 'off', units: 1 }], covariateDays: 2, sinceMs: atMs },
  } as const;
  const { arms } = await world.pool.withConnection(async (connection) => {
    await connection.query("set timezone = 'Europe/Berlin'");
    const found = await readMoments(connection, { ...scope, experiment: 'spring', atMs: atMs + 1 }, asked);
    await connection.query('reset timezone');
    return found;
  });
  expect(arms[0]?.other?.mean).toBe(1);
});

test('two connections read one state, and the one that is done first may wait for the other however long that takes', async () => {
  const state =
    "select current_setting('idle_in_transaction_session_timeout') as wait, pg_current_snapshot()::text as state, pg_backend_pid() as pid";
  // Each is asked while the other has its question still, so that neither connection answers both.
  const arrived = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const [one, two] = await readTogether(world.pool, async () =>
    arrived.map(({ resolve }) => async (connection: Queryable) => {
      resolve();
      await Promise.all(arrived.map(({ promise }) => promise));
      const { rows } = await connection.query<{ wait: string; state: string; pid: number }>(state);
      return rows[0];
    }),
  );
  expect(one).toMatchObject({ wait: '0', state: two?.state });
  expect(two?.wait).toBe('0');
  expect(one?.pid).not.toBe(two?.pid);
});
