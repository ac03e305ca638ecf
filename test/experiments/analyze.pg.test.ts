// What an analysis says of units and events in a real PostgreSQL, and what it does not say.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Analysis } from '../../src/experiments/analysis.ts';
import { report } from '../../src/experiments/report/report.ts';
import { UsageError } from '../../src/lib/errors.ts';
import { sampleSizeOfProportions } from '../../src/stats/power/proportions.ts';
import { inflation, plannedBounds, zOf } from '../../src/stats/sequential/plan.ts';
import { spendingBounds } from '../../src/stats/sequential/spending.ts';
import { SHOP_METRICS, shoppers } from './shoppers.ts';
import { day, EXPERIMENT, experimentOf, PURCHASE, type Unit, unitsOf, World } from './world.ts';

/** Each test has a project of its own in its database. */
let home: World;
beforeAll(async () => {
  home = await World.create();
});
afterAll(() => home[Symbol.asyncDispose]());

/** Of each arm's units the first so many buy, an hour after they came. */
function bought(units: readonly Unit[], off: number, on: number) {
  const left = { off, on } as { [arm: string]: number };
  return units.flatMap(({ unit, arm, atMs }) => {
    const isBuyer = (left[arm] ?? 0) > 0;
    left[arm] = (left[arm] ?? 0) - 1;
    return isBuyer ? [{ unit, event: 'purchase', atMs: atMs + 3_600_000 }] : [];
  });
}

const arm = ({ primary }: Analysis) => primary.arms[0];

test('without a unit, without an event, without a plan: each is said, and nothing is computed', async () => {
  await using world = await home.beside();
  expect((await world.analyze(day(1))).verdict).toMatchObject({
    kind: 'no-data',
    why: expect.stringContaining('exposed'),
  });
  const units = unitsOf(150);
  await world.assign(units);
  expect((await world.analyze(day(1))).verdict).toMatchObject({
    kind: 'no-data',
    why: expect.stringContaining('purchase'),
  });
  await world.track(bought(units, 30, 60));
  const analysis = await world.analyze(day(2));
  expect(analysis.verdict).toEqual({ kind: 'no-plan', missing: 'analysis.minimumEffect or end' });
  expect(arm(analysis)).toMatchObject({ p: null, interval: null, liftInterval: null, isSignificant: false });
  expect(arm(analysis)?.lift).toBeCloseTo(1, 12);
});

test('with a fixed horizon there is no p before the planned size, one at it, and the same ever after', async () => {
  await using world = await home.beside(experimentOf({ analysis: { minimumEffect: 0.5 } }));
  const first = unitsOf(200);
  await world.assign(first);
  await world.track(bought(first, 40, 70));
  const early = await world.analyze(day(1));
  const size = Math.ceil(
    sampleSizeOfProportions({ control: 0.2, treatment: 0.3, alpha: 0.05, power: 0.8 }) ?? 0,
  );
  expect(early.plan).toMatchObject({ unitsPerArm: size, baseline: 0.2, scale: 'units' });
  expect(early.verdict).toEqual({ kind: 'too-early', unitsPerArm: 200, plannedPerArm: size });
  expect(arm(early)).toMatchObject({ p: null, interval: null, adjustedP: null });
  // 200 units an arm in the day so far, and 94 are left.
  expect(early.progress).toMatchObject({ look: null, isFinal: false, daysLeft: 1 });

  const second = unitsOf(size - 200, day(1), 'v');
  await world.assign(second);
  await world.track(bought(second, 20, 20));
  const final = await world.analyze(day(2));
  expect(final.plan).toMatchObject({ unitsPerArm: size, baseline: 0.2 });
  expect(final.verdict).toEqual({ kind: 'better', arm: 'on' });
  expect(final.progress).toMatchObject({ look: 1, isFinal: true });
  expect(arm(final)?.p).toBeLessThan(0.05);
  expect(arm(final)?.interval?.lower).toBeGreaterThan(0);

  const third = unitsOf(500, day(2), 'w');
  await world.assign(third);
  await world.track(bought(third, 300, 0));
  const later = await world.analyze(day(3));
  expect(later).toMatchObject({ verdict: final.verdict, primary: final.primary, decidedAt: final.at });
  expect(later.progress).toMatchObject({ look: null, isFinal: true, unitsPerArm: size + 500 });
  expect(later.looks).toEqual(final.looks);
});

test('sequential: on time by Pocock, between two looks nothing, late by what is left to spend, and none beyond the last', async () => {
  const analysis = { minimumEffect: 0.3, sequential: { looks: 4 } };
  await using world = await home.beside(experimentOf({ analysis }));
  const fixed = sampleSizeOfProportions({ control: 0.2, treatment: 0.26, alpha: 0.05, power: 0.8 }) ?? 0;
  const size = Math.ceil(fixed * inflation(4, 0.05, 0.8, 'pocock').sample);
  const steps = [Math.round(size / 4), 20, Math.round(size * 0.3), Math.round(size / 2)];
  const said: Analysis[] = [];
  for (const [at, count] of steps.entries()) {
    const units = unitsOf(count, day(at), `s${at}-`);
    await world.assign(units);
    await world.track(bought(units, Math.round(count * 0.2), Math.round(count * 0.2) + 1));
    said.push(await world.analyze(day(at + 1)));
  }
  const [first, between, late, last] = said as [Analysis, Analysis, Analysis, Analysis];
  // A fifth of the baseline bought, or one more or less for its count.
  expect(Math.abs((first.plan.unitsPerArm ?? 0) - size) / size).toBeLessThan(0.05);
  expect(first.looks).toMatchObject([
    { look: 1, isFinal: false, arms: [{ bound: plannedBounds(4, 0.05, 'pocock')[0], isCrossed: false }] },
  ]);
  expect(arm(first)?.p).not.toBeNull();
  expect(first.verdict.kind).toBe('too-early');
  expect(between.progress.look).toBeNull();
  expect(arm(between)).toMatchObject({ p: null, adjustedP: null, interval: null });
  expect(late.progress.look).toBe(2);
  expect(late.looks[1]?.arms[0]?.bound).not.toBe(plannedBounds(4, 0.05, 'pocock')[0]);
  expect(last.progress).toMatchObject({ look: 4, isFinal: true });
  expect(last.verdict).toEqual({ kind: 'no-difference' });
  expect(last.notes.join(' ')).toContain('Planned looks that nobody took: 3.');
  const beyond = await world.analyze(day(9));
  expect(beyond).toMatchObject({
    verdict: { kind: 'no-difference' },
    decidedAt: last.at,
    primary: last.primary,
  });
  expect(beyond.looks).toHaveLength(3);
});

test('a broken split stands above everything, takes no look, and shows no p', async () => {
  await using world = await home.beside(
    experimentOf({ analysis: { minimumEffect: 0.5, sequential: { looks: 2 } } }),
  );
  const units = unitsOf(400).filter(({ arm }, at) => arm === 'off' || at % 3 !== 0);
  await world.assign(units);
  await world.track(bought(units, 80, 160));
  const analysis = await world.analyze(day(1));
  expect(analysis.split).toMatchObject({ isBroken: true });
  expect(analysis.split.p).toBeLessThan(0.001);
  expect(analysis).toMatchObject({ verdict: { kind: 'broken-split' }, looks: [] });
  expect(arm(analysis)).toMatchObject({ p: null, interval: null });
});

test('units that cross over are left out and counted, and if one arm loses more of them, the split is broken', async () => {
  await using world = await home.beside(experimentOf({ end: '2026-03-02' }));
  const units = unitsOf(300).map((unit, at) => (at < 60 ? { ...unit, crossedOverMs: day(1) } : unit));
  await world.assign(units);
  await world.track(bought(units, 60, 90));
  const before = await world.analyze(day(1) - 1, false);
  expect(before.split.arms).toMatchObject([{ crossedOver: 0 }, { crossedOver: 0 }]);
  expect(before.primary.baseline.units).toBe(300);
  const after = await world.analyze(day(3), false);
  expect(after.split).toMatchObject({
    isBroken: false,
    arms: [
      { units: 300, crossedOver: 30 },
      { units: 300, crossedOver: 30 },
    ],
  });
  expect(after.primary.baseline.units).toBe(270);
  expect(after.notes.join(' ')).toContain('60 units saw more than one arm');

  await world.pool.query(
    `update halyard.assignment set crossover_arm = 'other', crossover_at = $1
     where project = $2 and unit in (
       select unit from halyard.assignment where project = $2 and arm = 'on' and crossover_at is null limit 80)`,
    [new Date(day(1)), world.project],
  );
  const uneven = await world.analyze(day(3), false);
  expect(uneven.split.p).toBe(1);
  expect(uneven.verdict.kind).toBe('broken-split');
});

test('the recorded plan stands, and a file that says otherwise by then is told', async () => {
  await using world = await home.beside(experimentOf({ analysis: { minimumEffect: 0.5 } }));
  const units = unitsOf(200);
  await world.assign(units);
  await world.track(bought(units, 40, 80));
  const before = await world.analyze(day(1));
  await world.apply(experimentOf({ analysis: { minimumEffect: 2, alpha: 0.2, sequential: { looks: 9 } } }), [
    { ...PURCHASE, event: 'click' },
  ]);
  const after = await world.analyze(day(1) + 1);
  expect(after.plan).toEqual(before.plan);
  expect(after.verdict).toEqual(before.verdict);
  expect(after.notes.join(' ')).toMatch(
    /otherwise .* about the primary metric, alpha, the minimum effect, the looks\./,
  );
});

test('a plan of units whose windows are open is made again of those whose are over, unless a look was taken', async () => {
  const metric = { ...PURCHASE, window: '2d' };
  await using world = await home.beside(experimentOf({ analysis: { minimumEffect: 0.3 } }), [metric]);
  const units = unitsOf(150);
  await world.assign(units);
  await world.track(bought(units.slice(0, 150), 15, 20));
  const early = await world.analyze(day(1));
  await world.track(units.slice(150, 210).map(({ unit }) => ({ unit, event: 'purchase', atMs: day(1) + 1 })));
  const mature = await world.analyze(day(3));
  const later = await world.analyze(day(4));
  expect(early.plan.baseline).toBe(0.1);
  expect(early.notes.join(' ')).toContain('windows were not over');
  expect(mature.plan.baseline).toBeGreaterThan(0.25);
  expect(mature.plan.unitsPerArm).toBeLessThan(early.plan.unitsPerArm ?? 0);
  expect(later.plan).toEqual(mature.plan);
});

test('a look that judges units whose windows are open says of how many', async () => {
  const metric = { ...PURCHASE, window: '2d' };
  await using world = await home.beside(experimentOf({ analysis: { minimumEffect: 0.9 } }), [metric]);
  const units = unitsOf(300);
  await world.assign(units);
  await world.track(bought(units, 60, 140));
  const final = await world.analyze(day(1));
  expect(final.progress.look).toBe(1);
  expect(final.notes.join(' ')).toContain(
    'For 600 of 600 units the primary metric’s window of 2d is not over',
  );
  expect((await world.analyze(day(4))).notes.join(' ')).not.toContain('is not over');
});

test('of two analyses at once one takes the look, and the other finds it taken', async () => {
  await using world = await home.beside(experimentOf({ analysis: { minimumEffect: 0.9 } }));
  const units = unitsOf(300);
  await world.assign(units);
  await world.track(bought(units, 60, 140));
  const { analyze } = await import('../../src/experiments/analyze.ts');
  const named = { project: world.project, experiment: EXPERIMENT, isKept: true };
  const both = await Promise.all([analyze(world.pool, named), analyze(world.pool, named)]);
  expect(both.map(({ progress }) => progress.look).toSorted()).toEqual([1, null]);
  expect(both[0]?.verdict).toEqual(both[1]?.verdict);
  const { rows } = await world.pool.query<{ looks: number; shown: number }>(
    `select (select count(*)::integer from halyard.experiment_look where project = $1) as looks,
       (select count(*)::integer from halyard.experiment_snapshot where project = $1) as shown`,
    [world.project],
  );
  expect(rows).toEqual([{ looks: 1, shown: 2 }]);
});

test('planned looks of nobody are not taken: a day without units, and units that all crossed over', async () => {
  await using world = await home.beside(
    experimentOf({ end: '2026-03-10', analysis: { sequential: { looks: 5 } } }),
  );
  expect((await world.analyze(day(30), false)).verdict).toMatchObject({ kind: 'no-data' });
  await world.assign(unitsOf(5).map((unit) => ({ ...unit, crossedOverMs: day(1) })));
  for (const at of [day(3), day(30)]) {
    const analysis = await world.analyze(at);
    expect(analysis.verdict).toMatchObject({ kind: 'no-data' });
    expect(analysis.looks).toEqual([]);
  }
});

test('without a minimum effect looks are due in equal steps of the time until the end', async () => {
  await using world = await home.beside(
    experimentOf({ end: '2026-03-10', analysis: { sequential: { looks: 5, boundary: 'obrien-fleming' } } }),
  );
  const units = unitsOf(400);
  await world.assign(units);
  await world.track(bought(units, 80, 100));
  expect((await world.analyze(day(1))).progress.look).toBeNull();
  expect((await world.analyze(day(2))).progress.look).toBe(1);
  const late = await world.analyze(day(9));
  expect(late.progress).toMatchObject({ look: 4, isFinal: false, daysLeft: 1 });
  expect((await world.analyze(day(10))).progress).toMatchObject({ look: 5, isFinal: true });
});

test('what looks have in common is measured and recorded: whose windows are open goes on telling', async () => {
  await using world = await home.beside(
    experimentOf({ end: '2026-03-04', analysis: { sequential: { looks: 4 } } }),
  );
  // Everybody is there from the start, and each day twenty more of either arm buy.
  const size = 400;
  const units = unitsOf(size);
  await world.assign(units);
  const ofArm = (arm: string) => units.filter((unit) => unit.arm === arm);
  await world.track(
    [0, 1, 2].flatMap((days) =>
      [...ofArm('off').slice(days * 20, days * 20 + 20), ...ofArm('on').slice(days * 20, days * 20 + 20)].map(
        ({ unit }) => ({ unit, event: 'purchase', atMs: day(days) + 3_600_000 }),
      ),
    ),
  );
  for (const days of [1, 2, 3]) await world.analyze(day(days));
  const { looks } = await world.analyze(day(3) + 1);
  expect(looks.map(({ units }) => units)).toEqual([800, 800, 800]);
  // Of two shares of the same units, one within the other, the odds' ratio is the correlation squared.
  const odds = (buyers: number) => buyers / (size - buyers);
  const information = [20, 40, 60].map((buyers) => (0.25 * odds(buyers)) / odds(20));
  looks.forEach((look, at) => {
    expect(look.information).toBeCloseTo(information[at] as number, 9);
    const fractions = [0.25, 0.5, 0.75].slice(0, at + 1);
    const options = { opening: { looks: 4, onTime: 1 }, information: information.slice(0, at + 1) };
    const level = spendingBounds(fractions, 0.05, 'pocock', options).at(-1);
    expect(look.arms[0]?.bound).toBeCloseTo(level?.bound ?? Number.NaN, 6);
  });
});

test('of several arms one that crossed keeps the figures of that look, whatever becomes of it while others are looked at', async () => {
  const arms = ['off', 'on', 'blue'].map((variation) => ({
    variation,
    weight: variation === 'off' ? 34 : 33,
  }));
  await using world = await home.beside(
    experimentOf({ arms, end: '2026-03-10', analysis: { sequential: { looks: 5 } } }),
    [{ ...PURCHASE, window: '1h' }],
  );
  // Half of blue's first units buy, and none of the later ones; of the others a fifth.
  for (const days of [0, 1, 2, 3, 4, 5]) {
    const units = unitsOf(100, day(days), `d${days}-`, ['off', 'on', 'blue']);
    await world.assign(units);
    const share = (arm: string) => (arm === 'blue' ? (days < 2 ? 50 : 0) : 20);
    const buyers = ['off', 'on', 'blue'].flatMap((of) =>
      units.filter((unit) => unit.arm === of).slice(0, share(of)),
    );
    await world.track(buyers.map(({ unit, atMs }) => ({ unit, event: 'purchase', atMs })));
  }
  const said = [];
  for (const days of [2, 4, 6]) said.push(await world.analyze(day(days) - 1));
  const [first, , third] = said as [Analysis, Analysis, Analysis];
  const blue = ({ primary }: Analysis) => primary.arms[1];
  expect(first.verdict).toEqual({ kind: 'better', arm: 'blue' });
  expect(third.looks[2]?.arms[1]).toMatchObject({ isCrossed: true });
  expect(third.looks[2]?.arms[1]?.z).toBeLessThan(0);
  expect(third.verdict).toEqual(first.verdict);
  expect(blue(third)).toEqual(blue(first));
  expect(third.primary.arms[0]).not.toEqual(first.primary.arms[0]);
  expect(third.notes.join(' ')).toContain('blue crossed its boundary at the look of 2026-03-02');
  const lines = report(third, 'text').split('\n');
  expect(lines.filter((line) => line.includes('blue') && line.endsWith('crossed before'))).toHaveLength(2);
  expect(lines.filter((line) => line.includes('blue') && line.endsWith('crossed'))).toHaveLength(1);
});

test('with three arms each is compared with the first, and a p-value counts twice', async () => {
  const arms = ['off', 'on', 'new'].map((variation) => ({
    variation,
    weight: variation === 'off' ? 34 : 33,
  }));
  await using world = await home.beside(experimentOf({ arms, end: '2026-03-01' }));
  const units = unitsOf(400, day(0), 'u', ['off', 'on', 'new']);
  await world.assign(units);
  await world.track([
    ...bought(
      units.filter(({ arm }) => arm !== 'new'),
      100,
      128,
    ),
    ...units
      .filter(({ arm }) => arm === 'new')
      .slice(0, 140)
      .map(({ unit, atMs }) => ({ unit, event: 'purchase', atMs })),
  ]);
  const { primary, verdict, looks } = await world.analyze(day(2));
  const [on, fresh] = primary.arms;
  expect(fresh?.adjustedP).toBeCloseTo(2 * (fresh?.p ?? 0), 12);
  expect(on?.adjustedP).toBeCloseTo(2 * (on?.p ?? 0), 12);
  expect(on).toMatchObject({ isSignificant: false, interval: { lower: expect.any(Number) } });
  expect(on?.interval?.lower).toBeLessThan(0);
  expect(looks[0]?.arms[1]?.z).toBeCloseTo(zOf(fresh?.p ?? 1), 9);
  expect(verdict).toEqual({ kind: 'better', arm: 'new' });
});

test('every metric is told with its method, and what is no difference of a guardrail is not safe', async () => {
  const metrics = {
    primary: 'purchase',
    secondary: ['order-value', 'revenue', 'sessions', 'seconds'],
    guardrails: ['errors'],
  };
  await using world = await home.beside(
    experimentOf({ metrics, end: '2026-03-15', analysis: { cuped: { days: 7 } } }),
    SHOP_METRICS,
  );
  const { units, events } = shoppers(600, 7);
  await world.assign(units);
  await world.track(events);
  const analysis = await world.analyze(day(20));
  expect(analysis.secondary.map(({ metric }) => metric)).toEqual(metrics.secondary);
  const ps = analysis.secondary.map(({ arms }) => arms[0]?.p ?? 1).toSorted((a, b) => a - b);
  expect(Math.min(...analysis.secondary.map(({ arms }) => arms[0]?.adjustedP ?? 1))).toBeCloseTo(
    4 * (ps[0] ?? 0),
    12,
  );
  expect(analysis.primary.method.join('; ')).toMatch(/CUPED .* theta .* variance reduced by/);
  expect(analysis.secondary[0]?.method.join('; ')).toMatch(/0\.95 quantile .* without a value from before/);
  expect(analysis.guardrails[0]?.method).toContain('a ratio is not adjusted by what was before (CUPED)');
  expect(analysis.guardrails[0]?.verdicts[0]).toMatchObject({ arm: 'on', verdict: 'inconclusive' });
});

test.each([
  ['one unit of one arm', 1, 0],
  ['two of one arm', 2, 0],
  ['one of each', 1, 1],
  ['three of each', 3, 3],
])('%s is too few to compute anything: null with a reason, whatever the metric', async (_name, off, on) => {
  const metrics = {
    primary: 'order-value',
    secondary: ['purchase', 'revenue', 'sessions'],
    guardrails: ['errors'],
  };
  await using world = await home.beside(
    experimentOf({ metrics, end: '2026-03-01', analysis: { cuped: { days: 7 } } }),
    SHOP_METRICS,
  );
  const units = unitsOf(3).filter(({ arm }, at) => Math.floor(at / 2) < (arm === 'on' ? on : off));
  await world.assign(units);
  await world.track(
    units.map(({ unit, atMs }) => ({ unit, event: 'purchase', atMs: atMs + 1, properties: { amount: 5 } })),
  );
  const analysis = await world.analyze(day(2));
  expect(analysis.verdict.kind).toBe('not-computable');
  expect(analysis.looks).toEqual([]);
  for (const { arms } of [analysis.primary, ...analysis.secondary, ...analysis.guardrails])
    expect(arms[0]).toMatchObject({ p: null, adjustedP: null, reason: expect.any(String) });
});

test.each([
  [
    'an experiment that is not there',
    { experiment: 'page-layuot' },
    /no experiment `page-layuot`.*Did you mean `page-layout`\?/,
  ],
  ['an environment where it does not run', { environment: 'dev' }, /does not run in `dev`.*`prod`/],
])('%s is refused', async (_name, named, message) => {
  await using world = await home.beside();
  const { analyze } = await import('../../src/experiments/analyze.ts');
  const asked = analyze(world.pool, {
    project: world.project,
    experiment: EXPERIMENT,
    isKept: false,
    ...named,
  });
  await expect(asked).rejects.toThrow(message);
  await expect(asked).rejects.toBeInstanceOf(UsageError);
});

test('a power that is not above alpha is told as what it is', async () => {
  await using world = await home.beside(
    experimentOf({ analysis: { minimumEffect: 0.5, alpha: 0.2, power: 0.1 } }),
  );
  const units = unitsOf(150);
  await world.assign(units);
  await world.track(bought(units, 30, 60));
  const asked = world.analyze(day(1));
  await expect(asked).rejects.toBeInstanceOf(UsageError);
  await expect(asked).rejects.toThrow(/`page-layout` cannot be computed: Power /);
});
