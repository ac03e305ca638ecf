// A guardrail is safe only where that is shown, whatever the metric and its good direction.
import { describe, expect, it } from 'vitest';
import type { CovariateMoments } from '../../src/stats/cuped.ts';
import {
  type Guardrail,
  type GuardrailPlan,
  guardrailOfMeans,
  guardrailOfProportions,
  guardrailOfRatios,
  guardrailsOfAdjusted,
} from '../../src/stats/guardrail.ts';
import { compareMeans } from '../../src/stats/means.ts';
import { compareProportions } from '../../src/stats/proportions.ts';

const plan = (direction: 'increase' | 'decrease', margin: number | null = 0.02): GuardrailPlan => ({
  direction,
  margin,
  alpha: 0.05,
});

/** The same arms as each type of metric; means of 10, and 10 changed by `change`. */
const TYPES: [name: string, guard: (n: number, change: number, plan: GuardrailPlan) => Guardrail][] = [
  ['mean', (n, change, p) => guardrailOfMeans(mean(n, 10), mean(n, 10 * (1 + change)), p)],
  ['negative mean', (n, change, p) => guardrailOfMeans(mean(n, -10), mean(n, -10 + 10 * change), p)],
  ['ratio', (n, change, p) => guardrailOfRatios(ratio(n, 10), ratio(n, 10 * (1 + change)), p)],
  ['binary', (n, change, p) => guardrailOfProportions(count(n, 0.4), count(n, 0.4 * (1 + change)), p)],
  [
    'adjusted mean',
    (n, change, p) =>
      guardrailsOfAdjusted([covariate(n, 10), covariate(n, 10 * (1 + change))], p)[0] as Guardrail,
  ],
];

describe.each(TYPES)('the guardrail of a %s', (_, guard) => {
  it.each([
    // A drop and a rise of 5 %, beyond the margin of 2 %.
    ['increase', 1_000_000, -0.05, 'harm'],
    ['decrease', 1_000_000, 0.05, 'harm'],
    ['increase', 1_000_000, 0.05, 'safe'],
    ['decrease', 1_000_000, -0.05, 'safe'],
    // No change: safe with many units, and not with few, where p > 0.05 as well.
    ['increase', 1_000_000, 0, 'safe'],
    ['decrease', 1_000_000, 0, 'safe'],
    ['increase', 50, 0, 'inconclusive'],
    ['decrease', 50, 0, 'inconclusive'],
    // A loss that is shown is harm, though it is within the margin.
    ['increase', 10_000_000, -0.01, 'harm'],
    ['decrease', 10_000_000, 0.01, 'harm'],
  ] as const)('that should %s, with %i units and a change of %d: %s', (direction, n, change, verdict) => {
    expect(guard(n, change, plan(direction)).verdict).toBe(verdict);
  });

  it('is never safe without a margin', () => {
    const { verdict, pNonInferiority, reason } = guard(1_000_000, 0.05, plan('increase', null));
    expect({ verdict, pNonInferiority, reason }).toEqual({ verdict: 'inconclusive', pNonInferiority: null });
  });

  it('at a loss that is the margin is as likely safe as not: p is one half', () => {
    expect(guard(1_000_000, -0.02, plan('increase')).pNonInferiority).toBeCloseTo(0.5, 6);
    expect(guard(1_000_000, 0.02, plan('decrease')).pNonInferiority).toBeCloseTo(0.5, 6);
  });

  it.each([-0.01, Number.POSITIVE_INFINITY, Number.NaN])('refuses a margin of %d', (margin) => {
    expect(() => guard(100, 0, plan('increase', margin))).toThrow(
      expect.objectContaining({ fault: 'margin-out-of-range' }),
    );
  });

  it('refuses an alpha that is none', () => {
    expect(() => guard(100, 0, { ...plan('increase'), alpha: 0 })).toThrow(
      expect.objectContaining({ fault: 'alpha-out-of-range' }),
    );
  });
});

describe('a guardrail', () => {
  it('has half of the two-sided p, where the change is for the worse', () => {
    const [control, treatment] = [mean(500, 10), mean(500, 9.8)];
    const { pDeterioration } = guardrailOfMeans(control, treatment, plan('increase'));
    expect(pDeterioration).toBeCloseTo((compareMeans(control, treatment, 0.05).p as number) / 2, 12);
    const [c, t] = [count(5000, 0.4), count(5000, 0.42)];
    const binary = guardrailOfProportions(c, t, plan('decrease'));
    expect(binary.pDeterioration).toBeCloseTo((compareProportions(c, t, 0.05).p as number) / 2, 12);
  });

  it.each([
    [guardrailOfMeans(mean(0, 0), mean(9, 1), plan('increase')), 'no data'],
    [guardrailOfMeans(mean(1, 0), mean(9, 1), plan('increase')), 'n=1'],
    [
      guardrailOfMeans({ n: 9, mean: 1, variance: 0 }, { n: 9, mean: 1, variance: 0 }, plan('increase')),
      'zero variance',
    ],
    [guardrailOfProportions(count(0, 0), count(9, 0), plan('increase')), 'no data'],
    [guardrailOfProportions(count(900, 0), count(900, 0), plan('decrease')), 'no conversions'],
  ])('that cannot be computed is inconclusive, with a reason: %#', (guardrail, reason) => {
    expect(guardrail).toEqual({
      verdict: 'inconclusive',
      pDeterioration: null,
      pNonInferiority: null,
      reason,
    });
  });

  it('of a baseline of 0 can show harm, but nothing relative to it', () => {
    const rate = guardrailOfProportions(count(900, 0), count(900, 0.1), plan('decrease'));
    expect(rate).toMatchObject({ verdict: 'harm', pNonInferiority: null, reason: 'zero baseline' });
    const average = guardrailOfMeans(mean(900, 0), mean(900, 5), plan('decrease'));
    expect(average).toMatchObject({ verdict: 'harm', pNonInferiority: null, reason: 'zero baseline' });
  });

  it('of a rate that may fall by all of it is not called safe, since nothing is excluded', () => {
    const guardrail = guardrailOfProportions(count(9000, 0.4), count(9000, 0.4), plan('increase', 1));
    expect(guardrail).toMatchObject({
      verdict: 'inconclusive',
      pNonInferiority: null,
      reason: 'not attainable',
    });
  });

  it('of a mean may accept a loss of more than the baseline, since means can be negative', () => {
    const at = (value: number) => guardrailOfMeans(mean(900, 10), mean(900, value), plan('increase', 1.5));
    expect(at(-4).pNonInferiority).toBeLessThan(0.05);
    expect(at(-6).pNonInferiority).toBeGreaterThan(0.95);
  });

  it('of a rate at which all converted is shown safe by the margin’s test alone', () => {
    const guardrail = guardrailOfProportions(count(9000, 1), count(9000, 1), plan('increase'));
    expect(guardrail).toMatchObject({ verdict: 'safe', pDeterioration: null, reason: 'all converted' });
  });
});

function mean(n: number, value: number) {
  return { n, mean: n === 0 ? null : value, variance: n < 2 ? null : 4 };
}

function count(n: number, rate: number) {
  return { n, conversions: Math.round(n * rate) };
}

/** Of one event of the denominator in the mean, so that the ratio is the value. */
function ratio(n: number, value: number) {
  return {
    n,
    numerator: { mean: value, variance: 4 },
    denominator: { mean: 1, variance: 0.01 },
    covariance: 0.1,
  };
}

function covariate(n: number, value: number): CovariateMoments {
  return { ...mean(n, value), covariate: { mean: 3, variance: 1 }, covariance: 1.5 };
}
