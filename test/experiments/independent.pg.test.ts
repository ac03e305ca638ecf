// An independent look at the same data: plain SQL makes a row a unit, and another statistics program computes what the product says.
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Analysis, MetricResult } from '../../src/experiments/analysis.ts';
import { SHOP_METRICS, shoppers } from './shoppers.ts';
import { day, experimentOf, World } from './world.ts';

interface Numbers {
  [name: string]: { [number: string]: number };
}

const GOLDEN = join(import.meta.dirname, 'independent.golden.json');
const PROGRAMS = [
  {
    name: 'SciPy',
    command: '/usr/bin/python3',
    file: 'independent.py',
    needs: ['-c', 'import scipy, numpy'],
  },
  {
    name: 'R',
    command: 'Rscript',
    file: 'independent.R',
    needs: ['-e', 'stopifnot(getRversion() >= "3.5")'],
  },
];

/** A row a unit, by subselects that share nothing with the product's statement; the analysis is of day 20. */
const A_ROW_A_UNIT = `
select u.arm, 1 as assigned, (u.crossover_at is null)::integer as kept,
  (exists (select from halyard.track_event e where e.unit = u.unit and e.event = 'purchase' and e.at between u.at and u.at + interval '7 days - 1 microsecond'))::integer
    as purchase,
  (exists (select from halyard.track_event e where e.unit = u.unit and e.event = 'purchase' and e.at >= u.at - interval '7 days' and e.at < u.at))::integer
    as purchase_before,
  (select avg((e.properties ->> 'amount')::float8) from halyard.track_event e where e.unit = u.unit and e.event = 'purchase'
    and jsonb_typeof(e.properties -> 'amount') = 'number' and e.at between u.at and u.at + interval '7 days - 1 microsecond') as order_value,
  (select coalesce(sum((e.properties ->> 'amount')::float8), 0) from halyard.track_event e where e.unit = u.unit and e.event = 'purchase'
    and jsonb_typeof(e.properties -> 'amount') = 'number' and e.at >= u.at) as revenue,
  (select count(*) from halyard.track_event e where e.unit = u.unit and e.event = 'session' and e.at >= u.at and e.at < u.at + interval '3 days') as sessions,
  (select count(*) from halyard.track_event e where e.unit = u.unit and e.event = 'session' and e.at < u.at and e.at >= u.at - interval '7 days')
    as sessions_before,
  (select coalesce(sum(e.value), 0) from halyard.track_event e where e.unit = u.unit and e.event = 'session' and e.at >= u.at
    and e.at < u.at + interval '7 days') as seconds,
  (select count(*) from halyard.track_event e where e.unit = u.unit and e.event = 'checkout-error' and e.at >= u.at and e.at < u.at + interval '7 days')
    as errors,
  (select count(*) from halyard.track_event e where e.unit = u.unit and e.event = 'session' and e.at >= u.at and e.at < u.at + interval '7 days')
    as error_sessions
from halyard.assignment u order by u.unit`;

let rows: string;
let plain: Analysis;
let withCuped: Analysis;
beforeAll(async () => {
  const metrics = {
    ...{
      primary: 'purchase',
      secondary: ['order-value', 'revenue', 'sessions', 'seconds'],
      guardrails: ['errors'],
    },
  };
  await using world = await World.create(experimentOf({ metrics, end: '2026-03-15' }), SHOP_METRICS);
  const { units, events } = shoppers(800, 42);
  await world.assign(units);
  await world.track(events);
  plain = await world.analyze(day(20), false);
  await world.apply(experimentOf({ metrics, end: '2026-03-15', analysis: { cuped: { days: 7 } } }));
  withCuped = await world.analyze(day(20), false);
  await world.pool.query('create index on halyard.track_event (unit)');
  rows = await csv(world);
});

async function csv(world: World): Promise<string> {
  const { rows: found } = await world.pool.query<{ [column: string]: string | number | null }>(A_ROW_A_UNIT);
  const columns = Object.keys(found[0] ?? {});
  return [
    columns.join(','),
    ...found.map((row) => columns.map((column) => row[column] ?? '').join(',')),
  ].join('\n');
}

/** What the product says, by the names that the programs use. */
function said(): Numbers {
  const metric = (results: readonly MetricResult[], name: string) => {
    const arm = results.find((each) => each.metric === name)?.arms[0];
    const { difference, interval, p, adjustedP, falseDiscoveryP } = arm ?? {};
    return { difference, lower: interval?.lower, upper: interval?.upper, p, adjustedP, falseDiscoveryP };
  };
  const of = ({ primary, secondary, guardrails }: Analysis) => [primary, ...secondary, ...guardrails];
  const theta = /theta (\S+),/.exec(
    withCuped.secondary.find((each) => each.metric === 'sessions')?.method.join('; ') ?? '',
  )?.[1];
  const entries = [
    ['split', { p: plain.split.p }],
    ...of(plain).map((each) => [each.metric, metric(of(plain), each.metric)]),
    ['sessions cuped', { ...metric(of(withCuped), 'sessions'), theta: Number(theta) }],
    ['purchase cuped', metric(of(withCuped), 'purchase')],
  ];
  return Object.fromEntries(entries);
}

function expectSame(found: Numbers, theirs: Numbers): void {
  let compared = 0;
  for (const [name, numbers] of Object.entries(theirs)) {
    for (const [number, value] of Object.entries(numbers)) {
      const own = found[name]?.[number] ?? Number.NaN;
      // The method prints theta with four digits.
      const tolerance = number === 'theta' ? 1e-3 : 1e-8;
      expect(Math.abs(own - value), `${name} ${number}: ${own} and ${value}`).toBeLessThanOrEqual(
        tolerance * Math.max(Math.abs(value), 1e-6),
      );
      compared++;
    }
  }
  expect(compared).toBeGreaterThan(39);
}

function run(command: string, args: string[], input = ''): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = execFile(command, args, { timeout: 60_000 }, (error, stdout) =>
      resolve(error ? undefined : stdout),
    );
    child.stdin?.on('error', () => {});
    child.stdin?.end(input);
  });
}

describe.each(PROGRAMS)('$name', ({ name, command, file, needs }) => {
  test('computes the same from a row a unit', async ({ skip }) => {
    if ((await run(command, needs)) === undefined)
      skip(`${name} is not installed here, so the numbers of an analysis were not computed once more by it`);
    const text = await run(command, [join(import.meta.dirname, file)], rows);
    expect(text, `${file} failed`).toBeDefined();
    const theirs = JSON.parse(text ?? '{}') as Numbers;
    if (process.env.HALYARD_REWRITE_GOLDEN) await writeFile(GOLDEN, `${JSON.stringify(theirs, null, 2)}\n`);
    expectSame(said(), theirs);
  });
});

test('the numbers that such programs once computed of the same shoppers still hold', async () => {
  expectSame(said(), JSON.parse(await readFile(GOLDEN, 'utf8')));
});

afterAll(() => {
  expect(plain.progress.isFinal).toBe(true);
});
