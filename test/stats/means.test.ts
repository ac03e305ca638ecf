// Means, ratios and adjusted means: what is said where there is nothing to say, and what units and baselines do.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Interval } from '../../src/stats/computed.ts';
import { adjust, type CovariateMoments, compareAdjusted } from '../../src/stats/cuped.ts';
import { compareMeans } from '../../src/stats/means.ts';
import type { Moments } from '../../src/stats/moments.ts';
import { compareRatios, type RatioMoments, ratioMoments } from '../../src/stats/ratios.ts';
import { moments } from './arbitrary.ts';
import { mergeMoments, momentsOf } from './golden/variants/moments.ts';
import { percentile } from './golden/variants/winsorise.ts';

const arm = (n: number, mean: number | null, variance: number | null): Moments => ({ n, mean, variance });

describe('compareMeans', () => {
  it.each([
    [arm(0, null, null), arm(10, 1, 2), { reason: 'no data', lacking: 'control', difference: null, p: null }],
    [arm(10, 1, 2), arm(0, null, null), { reason: 'no data', lacking: 'treatment' }],
    [arm(0, null, null), arm(0, null, null), { reason: 'no data', lacking: 'both' }],
    [
      arm(1, 3, null),
      arm(50, 4, 2),
      { reason: 'n=1', lacking: 'control', difference: 1, lift: 1 / 3, p: null },
    ],
    [arm(1, 3, 7), arm(1, 4, 7), { reason: 'n=1', lacking: 'both', interval: null, standardError: null }],
    [
      arm(20, 5, 0),
      arm(20, 5, 0),
      { reason: 'zero variance', difference: 0, lift: 0, interval: null, p: null },
    ],
    [arm(20, 5, 0), arm(20, 6, 0), { reason: 'zero variance', difference: 1, lift: 0.2, p: null }],
    [arm(5, 2, 0), arm(8, 2.4, 1.3), { degreesOfFreedom: 7, cautions: [] }],
    [
      arm(9, 0, 4),
      arm(9, 1, 4),
      { difference: 1, lift: null, liftInterval: null, cautions: ['zero baseline'] },
    ],
    [arm(99, -10, 4), arm(99, -8, 4), { lift: 0.2, cautions: ['negative baseline'] }],
    [
      arm(30, 0.1, 9),
      arm(30, 0.3, 9),
      { liftInterval: null, liftRegion: 'whole-line', cautions: ['unbounded lift'] },
    ],
    [
      arm(30, 0.1, 9),
      arm(30, 9, 9),
      { liftInterval: null, liftRegion: 'exclusive', cautions: ['unbounded lift'] },
    ],
    [arm(9, 1e8, -1e-7), arm(9, 1e8 + 1, 4), { cautions: ['variance clamped to zero'] }],
    [arm(9, -1.7e308, 1), arm(9, 1.7e308, 1), { reason: 'out of range', difference: null, p: null }],
    [arm(9, 1e150, 1e296), arm(9, 2e150, 1e296), { difference: 1e150, lift: 1, cautions: [] }],
  ])('%j with %j', (control, treatment, expected) => {
    expect(compareMeans(control, treatment, 0.05)).toMatchObject(expected);
  });

  it('does not tell a constant from itself by its rounding', () => {
    const values = Array.from({ length: 1000 }, () => 0.1);
    const rounded = arm(1000, 0.1 + 2e-17, 1e-34);
    expect(compareMeans(momentsOf(values), rounded, 0.05)).toMatchObject({
      reason: 'zero variance',
      p: null,
    });
  });

  it('at the alpha that is p has ends at 0: test, interval and Fieller’s are one', () => {
    fc.assert(
      fc.property(moments, moments, (control, treatment) => {
        const { p, difference, standardError } = compareMeans(control, treatment, 0.05);
        if (p === null || p > 0.99 || p < 1e-100) return;
        const { interval, liftInterval, lift } = compareMeans(control, treatment, p);
        const nearest = ({ lower, upper }: Interval) =>
          ((difference as number) > 0 ? lower : upper) as number;
        expect(nearest(interval as Interval) / (standardError as number)).toBeCloseTo(0, 8);
        if (liftInterval) expect(nearest(liftInterval) / (lift as number)).toBeCloseTo(0, 5);
      }),
      { seed: 6, numRuns: 2000 },
    );
  });

  it('tells values that differ in the seventh digit from a constant', () => {
    expect(compareMeans(arm(100, 1, 1e-14), arm(100, 1 + 1e-7, 1e-14), 0.05).p).toBeLessThan(1e-9);
  });

  it.each([
    ['negative-variance', arm(100, 3, -2)],
    ['negative-variance', arm(100, 1e8, -2e4)],
    ['not-finite', arm(100, Number.POSITIVE_INFINITY, 4)],
    ['not-finite', arm(100, 3, Number.NaN)],
    ['missing-moment', arm(100, null, 4)],
    ['missing-moment', arm(100, 3, null)],
    ['non-integer-count', arm(1.5, 3, 4)],
  ])('refuses %s: %j', (fault, control) => {
    expect(() => compareMeans(control, arm(10, 1, 1), 0.05)).toThrow(expect.objectContaining({ fault }));
    expect(() => compareMeans(arm(10, 1, 1), control, 0.05)).toThrow(expect.objectContaining({ fault }));
  });
});

describe('compareRatios', () => {
  const ratio = (
    n: number,
    top: [number, number],
    bottom: [number, number],
    covariance: number,
  ): RatioMoments => ({
    n,
    numerator: { mean: top[0], variance: top[1] },
    denominator: { mean: bottom[0], variance: bottom[1] },
    covariance,
  });
  const usual = ratio(100, [1, 1], [2, 1], 0.2);
  const empty = { n: 0, numerator: usual.numerator, denominator: usual.denominator, covariance: null };

  it.each([
    [ratio(100, [1, 1], [0, 1], 0.2), usual, { reason: 'zero denominator', lacking: 'control', p: null }],
    [usual, ratio(100, [1, 1], [0, 0], 0), { reason: 'zero denominator', lacking: 'treatment' }],
    [ratio(100, [1, 1], [0.05, 1], 0.2), usual, { cautions: ['unstable denominator', 'unbounded lift'] }],
    [usual, ratio(100, [1, 1], [0.29, 1], 0.2), { cautions: ['unstable denominator'] }],
    [usual, ratio(100, [1, 1], [0.31, 1], 0.2), { cautions: [] }],
    [usual, ratio(100, [1, 1], [1e-9, 1], 0.2), { difference: expect.closeTo(999_999_999.5, 5) }],
    [empty, usual, { reason: 'no data', lacking: 'control' }],
    [ratio(1, [1, 0], [4, 0], 0), ratio(1, [3, 0], [4, 0], 0), { reason: 'n=1', difference: 0.5, lift: 2 }],
    // Every unit has half of its denominator.
    [ratio(50, [1, 1], [2, 4], 2), ratio(50, [1, 1], [2, 4], 2), { reason: 'zero variance', difference: 0 }],
  ])('%j with %j', (control, treatment, expected) => {
    expect(compareRatios(control, treatment, 0.05)).toMatchObject(expected);
  });

  it('refuses moments that are not of the same units', () => {
    expect(() => compareRatios(usual, ratio(100, [1, 1], [2, 1], 1.01), 0.05)).toThrow(
      expect.objectContaining({ fault: 'covariance-exceeds-cauchy-schwarz' }),
    );
  });

  it('an arm alone has a ratio with its linearised variance, and none without units or a denominator', () => {
    expect(ratioMoments(usual)).toEqual({ n: 100, mean: 0.5, variance: (1 - 0.2 + 0.25) / 4 });
    expect(ratioMoments(empty)).toEqual({ n: 0, mean: null, variance: null });
    expect(ratioMoments(ratio(100, [1, 1], [0, 1], 0))).toBeNull();
  });
});

describe('CUPED', () => {
  const adjustable = (
    n: number,
    [mean, variance]: [number, number],
    covariate: [number | null, number | null] | null,
    covariance: number | null,
  ): CovariateMoments => ({
    n,
    mean,
    variance,
    covariate: covariate && { mean: covariate[0], variance: covariate[1] },
    covariance,
  });
  const usual = adjustable(200, [2.5, 4], [1, 1], 1);

  it('pools the slope over the arms, and says what it saved', () => {
    const arms = [adjustable(200, [2, 4], [1, 0], 0), usual, adjustable(100, [2, 9], [2, 4], -3)];
    const { theta, comparisons, cautions, covariateMean } = compareAdjusted(arms, 0.05);
    expect(theta).toBeCloseTo((199 - 99 * 3) / (199 + 99 * 4), 14);
    expect(covariateMean).toBeCloseTo((200 + 200 + 200) / 500, 14);
    expect(comparisons).toHaveLength(2);
    expect(cautions).toEqual([]);
    const [saved] = comparisons.map(({ varianceReduction }) => varianceReduction as number);
    expect(saved).toBeCloseTo((-(theta ** 2) + 2 * theta) / 8, 12);
  });

  it.each([
    ['covariate missing', [usual, adjustable(200, [2, 4], null, null)]],
    ['covariate missing', [adjustable(200, [2, 4], [null, null], null), usual]],
    ['covariate missing', [usual, adjustable(200, [2, 4], [1, null], 1)]],
    ['constant covariate', [adjustable(200, [2, 4], [1, 0], 0), adjustable(200, [2.5, 4], [1, 0], 0)]],
    [
      'constant covariate',
      [adjustable(200, [2, 4], [0.1, 1e-34], 1e-18), adjustable(200, [2.5, 4], [0.1, 0], 0)],
    ],
  ] as const)('adjusts no arm and says so: %s', (caution, [control, treatment]) => {
    const { theta, arms, comparisons } = compareAdjusted([control, treatment], 0.05);
    expect(theta).toBe(0);
    expect(arms.map(({ mean }) => mean)).toEqual([control.mean, treatment.mean]);
    const { varianceReduction, cautions, ...compared } = comparisons[0] as (typeof comparisons)[number];
    expect([varianceReduction, cautions]).toEqual([0, [caution]]);
    expect(compareMeans(control, treatment, 0.05)).toMatchObject({ ...compared, cautions: [] });
  });

  it('has no test where the covariate says the metric exactly', () => {
    const [control, treatment] = [adjustable(200, [2, 4], [1, 1], 2), adjustable(200, [2.5, 4], [1, 1], 2)];
    const { theta, comparisons } = compareAdjusted([control, treatment], 0.05);
    expect(theta).toBe(2);
    expect(comparisons[0]).toMatchObject({ reason: 'zero adjusted variance', difference: 0.5, p: null });
  });

  it('takes what rounding leaves of a metric that the covariate says exactly for nothing', () => {
    const exactly = (mean: number) =>
      adjustable(200, [mean, 0.26999999999999996], [1, 3], 0.8999999999999999);
    expect(compareAdjusted([exactly(2), exactly(2.5)], 0.05).comparisons[0]).toMatchObject({
      reason: 'zero adjusted variance',
      p: null,
    });
  });

  it('leaves arms without units out, and compares those that have some', () => {
    const empty = { n: 0, mean: null, variance: null, covariate: null, covariance: null };
    const { theta, comparisons, cautions } = compareAdjusted([usual, empty, usual], 0.05);
    expect([theta, cautions]).toEqual([1, []]);
    expect(comparisons.map(({ reason }) => reason)).toEqual(['no data', undefined]);
    expect(adjust([])).toEqual({ theta: 0, correlation: null, covariateMean: null, arms: [], cautions: [] });
  });

  it('has nothing to compare an arm of one unit by', () => {
    expect(compareAdjusted([adjustable(1, [2, 4], [1, 1], 2), usual], 0.05).comparisons[0]).toMatchObject({
      reason: 'n=1',
      p: null,
      varianceReduction: null,
    });
  });

  it('lets pass what rounding leaves of the covariance with a constant', () => {
    const constant = adjustable(200, [2, 4], [0.1, 0], 1e-16);
    expect(adjust([constant, constant])).toMatchObject({ theta: 0, cautions: ['constant covariate'] });
  });

  it('keeps what little a covariate leaves', () => {
    const [left] = adjust([adjustable(200, [2, 1], [1, 1], 1 - 5e-8)]).arms;
    expect(left?.variance).toBeCloseTo(1e-7, 12);
  });

  it('refuses a covariance that the variances do not allow', () => {
    expect(() => adjust([adjustable(200, [2, 4], [1, 1], 3), usual])).toThrow(
      expect.objectContaining({ fault: 'covariance-exceeds-cauchy-schwarz' }),
    );
  });
});

describe('moments', () => {
  it.each([
    [[], arm(0, null, null)],
    [[3.5], arm(1, 3.5, null)],
    [[4, 7, 13, 16], arm(4, 10, 30)],
    [[2 ** 52, 2 ** 52 + 1, 2 ** 52 + 1], { n: 3, mean: 2 ** 52 + 1, variance: expect.closeTo(1 / 3, 12) }],
    [[1e308, 1e308, 1e308], arm(3, 1e308, 0)],
    [[5e-324, 5e-324], arm(2, 5e-324, 0)],
  ])('of %j', (values, expected) => {
    expect(momentsOf(values)).toEqual(expected);
  });

  it('of a part without units leave the other as it is', () => {
    const whole = arm(4, 10, 30);
    expect(mergeMoments(whole, momentsOf([]))).toEqual(whole);
    expect(mergeMoments(momentsOf([]), whole)).toEqual(whole);
    expect(mergeMoments(momentsOf([]), momentsOf([]))).toEqual(momentsOf([]));
    expect(mergeMoments(arm(1, 1, null), arm(1, 3, null))).toEqual(arm(2, 2, 2));
  });

  it.each([
    ['not-finite', () => momentsOf([1, Number.NaN])],
    ['out-of-range', () => momentsOf([1e308, -1e308])],
    ['unsafe-integer', () => mergeMoments(arm(2 ** 53 - 1, 1, 1), arm(2, 1, 1))],
    ['negative-variance', () => mergeMoments(arm(3, 1, -1), arm(2, 1, 1))],
    ['p-out-of-range', () => percentile([1, 2], 1.1)],
    ['not-finite', () => percentile([1, Number.POSITIVE_INFINITY], 0.5)],
  ])('refuse %s', (fault, compute) => {
    expect(compute).toThrow(expect.objectContaining({ fault }));
  });

  it.each([
    [[], 0.5, null],
    [[7], 0.99, 7],
    [[10, 2, 1], 0, 1],
    [[10, 2, 1], 1, 10],
    [[10, 2, 1], 0.75, 6],
    [[-1.7e308, 1.7e308], 0.5, 0],
  ])('the percentile of %j at %d is %d', (values, q, expected) => {
    expect(percentile(values, q)).toBe(expected);
  });
});
