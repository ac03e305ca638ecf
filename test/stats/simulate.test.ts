// The simulation plan with few runs, and that it finds what is wrong. The whole plan is `npm run simulate`.
import { describe, expect, test } from 'vitest';
import { lookAlpha } from '../../src/stats/sequential/plan.ts';
import { atMargin, clusteredSessions, tenNulls } from './simulate/decisions.ts';
import { binary, tiny, unlikeVariances } from './simulate/false-alarms.ts';
import { openWindows, pocock } from './simulate/looks.ts';
import {
  growthOfUnits,
  notHarmed,
  pooledT,
  sessionsAsUnits,
  uncorrected,
  yates,
  zTest,
} from './simulate/mutants.ts';
import { plan } from './simulate/plan.ts';
import { Random } from './simulate/random.ts';
import { simulate } from './simulate/report.ts';
import { binomialInterval, runTrial, share, type Trial } from './simulate/trial.ts';

const SEED = 61;
/** Of the plan's runs; the bounds are those of so many. */
const PART = 0.04;

describe('with a part of its runs the plan passes', () => {
  test.each(plan.map((trial) => [trial.design, trial] as const))('%s', (_design, trial) => {
    for (const outcome of runTrial(trial, SEED, Math.ceil(trial.runs * PART))) {
      expect(outcome, outcome.id).toMatchObject({ isPassed: true });
    }
  });
});

describe('the plan finds a build that', () => {
  test.each<[name: string, wrong: Trial, right: Trial, runs: number]>([
    [
      'corrects as Yates did, 50 units',
      binary([50, 50], 0.3, 0.049793, yates),
      binary([50, 50], 0.3, 0.049793),
      20_000,
    ],
    [
      'corrects as Yates did, rare events',
      binary([1000, 3000], 0.03, 0.049103, yates),
      binary([1000, 3000], 0.03, 0.049103),
      20_000,
    ],
    ['pools variances', unlikeVariances(pooledT), unlikeVariances(), 2000],
    ['takes t for normal', tiny(zTest), tiny(), 4000],
    ['looks without a correction', pocock(5, 'continuous', uncorrected), pocock(5, 'continuous'), 2000],
    ['knows as much as it has units', openWindows('pocock', growthOfUnits), openWindows('pocock'), 3000],
    ['takes no significant harm for safe', atMargin(notHarmed), atMargin(), 1000],
    ['adjusts for no other metric', tenNulls((ps) => ps), tenNulls(), 1000],
    ['takes sessions for units', clusteredSessions(sessionsAsUnits), clusteredSessions(), 300],
  ])('%s', (_name, wrong, right, runs) => {
    const passes = [wrong, right].map((trial) =>
      runTrial(trial, SEED, runs).every(({ isPassed }) => isPassed),
    );
    expect(passes).toEqual([false, true]);
  });
});

test('a look beyond the plan has no level', () => {
  expect(() => lookAlpha(6, 5, 0.05, 'pocock')).toThrow(
    expect.objectContaining({ fault: 'alpha-exhausted' }),
  );
});

test('each measure has a name of its own, and one of the plan', () => {
  const ids = plan.flatMap(({ measures }) => measures.map(({ id }) => id));
  expect(new Set(ids).size).toBe(ids.length);
  const names = [...Array.from({ length: 10 }, (_, i) => `S${i + 1}`), 'P1', 'P2', 'P3'];
  expect([...new Set(ids.map((id) => id.split(' ')[0]))]).toEqual(names);
});

describe('bounds', () => {
  // By R's qbinom at 5e-6 and 1 - 5e-6.
  test.each([
    [20_000, 0.049953, [0.0433, 0.0569]],
    [200_000, 0.001001, [0.000705, 0.00133]],
    [20_000, 0.76098, [0.7476, 0.7742]],
    [100, 0.05, [0, 0.17]],
  ])('of %d runs around %d', (runs, truth, bounds) => {
    binomialInterval(runs, truth).forEach((bound, i) => {
      expect(bound).toBeCloseTo(bounds[i] ?? Number.NaN, 10);
    });
  });

  test('widen as runs get fewer, and by the slack', () => {
    const [lower, upper] = share('', 0.05).accept(20_000);
    const [fewerLower, fewerUpper] = share('', 0.05).accept(2000);
    const [slackLower, slackUpper] = share('', 0.05, [0.002, 0.003]).accept(20_000);
    expect([fewerLower < lower, fewerUpper > upper]).toEqual([true, true]);
    expect([lower - slackLower, slackUpper - upper].map((by) => Number(by.toFixed(3)))).toEqual([
      0.002, 0.003,
    ]);
  });
});

test('a report counts what failed, and says it last', () => {
  const trial: Trial = {
    design: 'Two numbers',
    runs: 100,
    measures: [share('first', 0.5), share('second', 0.5)],
    simulate: () => [0.5, 0.9],
  };
  const lines: string[] = [];
  expect(simulate([trial], [1, 2], (line) => lines.push(line))).toBe(2);
  expect(lines.slice(0, 4)).toEqual([
    'seed 1',
    '  Two numbers; 100 runs',
    '    pass  first: 0.5 (expected 0.5, accepted 0.28 … 0.72)',
    '    FAIL  second: 0.9 (expected 0.5, accepted 0.28 … 0.72)',
  ]);
  expect(lines.at(-1)).toBe('2 passed, 2 failed');
});

describe('random numbers', () => {
  /** Mean and variance of 200,000, whose own standard errors the tolerance is five of. */
  test.each<
    [name: string, draw: (random: Random) => number, mean: number, variance: number, kurtosis: number]
  >([
    ['uniform', (random) => random.uniform(), 0.5, 1 / 12, 1.8],
    ['normal', (random) => random.normal(), 0, 1, 3],
    ['gamma of shape 0.5', (random) => random.gamma(0.5), 0.5, 0.5, 15],
    ['gamma of shape 7', (random) => random.gamma(7), 7, 7, 3 + 6 / 7],
    ['beta of 0.6 and 1.4', (random) => random.beta(0.6, 1.4), 0.3, 0.07, 2.1],
    ['binomial of 40 at 0.1', (random) => random.binomial(40, 0.1), 4, 3.6, 3],
    ['binomial of 1000 at 0.7', (random) => random.binomial(1000, 0.7), 700, 210, 3],
  ])('%s', (_name, draw, mean, variance, kurtosis) => {
    const random = new Random(SEED);
    const values = Array.from({ length: 200_000 }, () => draw(random));
    const found = values.reduce((a, b) => a + b, 0) / values.length;
    const spread = values.reduce((sum, value) => sum + (value - found) ** 2, 0) / (values.length - 1);
    expect(Math.abs(found - mean)).toBeLessThan(5 * Math.sqrt(variance / values.length));
    expect(Math.abs(spread - variance)).toBeLessThan(
      5 * variance * Math.sqrt((kurtosis - 1) / values.length),
    );
  });

  test('come again with the same seed, and only with it', () => {
    const draw = (seed: number) => new Random(seed).uniform();
    expect(draw(1)).toBe(draw(1));
    expect(draw(1)).not.toBe(draw(2));
  });
});
