// What holds for every experiment: p-values and intervals never contradict each other, and units of measure do not matter.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Comparison } from '../../src/stats/comparison.ts';
import type { Interval } from '../../src/stats/computed.ts';
import { compareAdjusted } from '../../src/stats/cuped.ts';
import { guardrailOfMeans, guardrailOfProportions } from '../../src/stats/guardrail.ts';
import { compareMeans } from '../../src/stats/means.ts';
import type { Moments } from '../../src/stats/moments.ts';
import { compareProportions } from '../../src/stats/proportions.ts';
import { compareRatios } from '../../src/stats/ratios.ts';
import { alphas, counts, covariateMoments, moments, ratioMoments } from './arbitrary.ts';
import { mergeMoments, momentsOf } from './golden/variants/moments.ts';

const RUNS = { seed: 6, numRuns: 2000 };
const near = (expected: number, digits = 1e-9) => ({
  asymmetricMatch: (got: unknown) =>
    Math.abs((got as number) - expected) <= digits * (1 + Math.abs(expected)),
  toString: () => `near ${expected}`,
});

describe('proportions', () => {
  it('Pearson’s chi-square is the square of the pooled z', () => {
    holds(fc.tuple(counts(), counts(), alphas), ([control, treatment, alpha]) => {
      const { statistic, chiSquare } = compareProportions(control, treatment, alpha);
      if (statistic === null || chiSquare === null) return;
      expect(chiSquare).toEqual(near(statistic ** 2, 1e-12));
      const [a, b, c, d] = [
        treatment.conversions,
        treatment.n - treatment.conversions,
        control.conversions,
        control.n - control.conversions,
      ];
      // The textbook's form, in which nothing is a rate.
      const textbook =
        ((treatment.n + control.n) * (a * d - b * c) ** 2) / (treatment.n * control.n * (a + c) * (b + d));
      expect(chiSquare).toEqual(near(textbook, 1e-7));
    });
  });

  it('p < alpha exactly where the intervals of the difference and of the lift exclude 0', () => {
    holds(fc.tuple(counts(), counts(), alphas), ([control, treatment, alpha]) => {
      agree(compareProportions(control, treatment, alpha), alpha);
    });
  });

  it('p and intervals agree at the alpha that is p itself, and beside it', () => {
    holds(
      fc.tuple(counts(), counts(), fc.constantFrom(1, 1 + 2e-16, 1 - 2e-16)),
      ([control, treatment, factor]) => {
        const { p } = compareProportions(control, treatment, 0.05);
        const alpha = (p ?? 1) * factor;
        if (alpha < 1) agree(compareProportions(control, treatment, alpha), alpha);
      },
    );
  });

  it('intervals have the estimate in them, have a width, and grow as alpha falls', () => {
    holds(fc.tuple(counts(), counts()), ([control, treatment]) => {
      const wide = compareProportions(control, treatment, 0.01);
      const narrow = compareProportions(control, treatment, 0.1);
      const { lower, upper } = narrow.interval as { lower: number; upper: number };
      expect(lower).toBeLessThanOrEqual(narrow.difference as number);
      expect(upper).toBeGreaterThanOrEqual(narrow.difference as number);
      expect(upper - lower).toBeGreaterThan(0);
      expect(wide.interval?.lower).toBeLessThanOrEqual(lower);
      expect(wide.interval?.upper).toBeGreaterThanOrEqual(upper);
      expect(lower).toBeGreaterThanOrEqual(-1);
      expect(upper).toBeLessThanOrEqual(1);
      expect(narrow.liftInterval?.lower).toBeGreaterThanOrEqual(-1);
    });
  });

  it('swapping arms negates z, the difference and its interval, and inverts the ratio', () => {
    holds(fc.tuple(counts(), counts(), alphas), ([control, treatment, alpha]) => {
      const [one, other] = [
        compareProportions(control, treatment, alpha),
        compareProportions(treatment, control, alpha),
      ];
      negated(one, other);
      const [lower, upper] = [one.liftInterval?.lower, other.liftInterval?.upper];
      if (lower !== -1 && upper !== null)
        expect(1 / (1 + (lower as number))).toEqual(near(1 + (upper as number)));
    });
  });

  it('counting those that did not convert negates the difference', () => {
    holds(fc.tuple(counts(), counts(), alphas), ([control, treatment, alpha]) => {
      const others = [control, treatment].map(({ n, conversions }) => ({ n, conversions: n - conversions }));
      const [c, t] = others as [typeof control, typeof treatment];
      negated(compareProportions(control, treatment, alpha), compareProportions(c, t, alpha));
    });
  });
});

describe('means', () => {
  it('p < alpha exactly where the interval and Fieller’s exclude 0', () => {
    holds(fc.tuple(moments, moments, alphas), ([control, treatment, alpha]) => {
      agree(compareMeans(control, treatment, alpha), alpha);
    });
  });

  it('p and intervals agree at the alpha that is p itself, and beside it', () => {
    holds(
      fc.tuple(moments, moments, fc.constantFrom(1, 1 + 2e-16, 1 - 2e-16)),
      ([control, treatment, factor]) => {
        const alpha = (compareMeans(control, treatment, 0.05).p as number) * factor;
        if (alpha < 1) agree(compareMeans(control, treatment, alpha), alpha);
      },
    );
  });

  it('swapping arms negates t and the difference', () => {
    holds(fc.tuple(moments, moments, alphas), ([control, treatment, alpha]) => {
      negated(compareMeans(control, treatment, alpha), compareMeans(treatment, control, alpha));
    });
  });

  it('a metric in another unit has the difference and interval in that unit, and the same p and lift', () => {
    const factors = fc.constantFrom(1e-150, 1e-9, 0.001, 0.7, 60, 1e12, 1e150);
    holds(fc.tuple(moments, moments, alphas, factors), ([control, treatment, alpha, factor]) => {
      const scaled = [control, treatment].map((arm) => inUnit(arm, factor)) as [Moments, Moments];
      sameButForUnit(compareMeans(control, treatment, alpha), compareMeans(...scaled, alpha), factor);
    });
  });
});

describe('ratios', () => {
  it('p < alpha exactly where the intervals exclude 0, and swapping arms negates', () => {
    holds(fc.tuple(ratioMoments, ratioMoments, alphas), ([control, treatment, alpha]) => {
      const compared = compareRatios(control, treatment, alpha);
      agree(compared, alpha);
      negated(compared, compareRatios(treatment, control, alpha));
    });
  });

  it('a denominator that is 1 for every unit leaves the mean', () => {
    holds(fc.tuple(moments, moments, alphas), ([control, treatment, alpha]) => {
      const [c, t] = [control, treatment].map(({ n, mean, variance }) => ({
        n,
        numerator: { mean, variance },
        denominator: { mean: 1, variance: 0 },
        covariance: 0,
      }));
      const ratio = compareRatios(c as never, t as never, alpha);
      sameButForUnit(compareMeans(control, treatment, alpha), ratio, 1);
    });
  });
});

describe('adjusted means', () => {
  it('p < alpha exactly where the intervals exclude 0', () => {
    holds(fc.tuple(fc.array(covariateMoments, { minLength: 2, maxLength: 4 }), alphas), ([arms, alpha]) => {
      for (const compared of compareAdjusted(arms, alpha).comparisons) agree(compared, alpha);
    });
  });

  it('the unit of the covariate does not matter', () => {
    holds(
      fc.tuple(covariateMoments, covariateMoments, alphas, fc.constantFrom(-3, 1e-120, 1e90)),
      ([control, treatment, alpha, factor]) => {
        const arms = [control, treatment];
        const scaled = arms.map(({ covariate, covariance, ...arm }) => ({
          ...arm,
          covariate: {
            mean: (covariate?.mean as number) * factor,
            variance: (covariate?.variance as number) * factor * factor,
          },
          covariance: (covariance as number) * factor,
        }));
        const [one, other] = [compareAdjusted(arms, alpha), compareAdjusted(scaled, alpha)];
        sameButForUnit(one.comparisons[0] as Comparison, other.comparisons[0] as Comparison, 1);
        expect(other.theta * factor).toEqual(near(one.theta));
      },
    );
  });

  it('without a covariate all is as it is unadjusted', () => {
    holds(fc.tuple(moments, moments, alphas), ([control, treatment, alpha]) => {
      const arms = [control, treatment].map((arm) => ({ ...arm, covariate: null, covariance: null }));
      const { theta, comparisons } = compareAdjusted(arms, alpha);
      const { varianceReduction, cautions, ...adjusted } = comparisons[0] as (typeof comparisons)[number];
      const { cautions: others, ...unadjusted } = compareMeans(control, treatment, alpha);
      expect({ theta, varianceReduction, ...adjusted }).toEqual({
        theta: 0,
        varianceReduction: 0,
        ...unadjusted,
      });
      expect(cautions).toEqual(['covariate missing', ...others]);
    });
  });
});

describe('guardrails', () => {
  it('a binary one is safe exactly where Koopman’s interval at twice alpha ends before the margin', () => {
    const directions = fc.constantFrom('increase' as const, 'decrease' as const);
    const plans = fc.tuple(
      directions,
      fc.constantFrom(0.01, 0.05, 0.2, 0.5),
      fc.constantFrom(0.01, 0.05, 0.1),
    );
    holds(fc.tuple(counts(), counts(), plans), ([control, treatment, [direction, margin, alpha]]) => {
      if (control.conversions === 0) return;
      const { pNonInferiority, pDeterioration } = guardrailOfProportions(control, treatment, {
        direction,
        margin,
        alpha,
      });
      const { liftInterval } = compareProportions(control, treatment, 2 * alpha);
      const { lower, upper } = liftInterval as Interval;
      const isInside =
        direction === 'increase' ? (lower as number) > -margin : upper !== null && upper < margin;
      if (Math.abs((pNonInferiority as number) - alpha) > 1e-9) {
        expect((pNonInferiority as number) < alpha).toBe(isInside);
      }
      const isLoss = direction === 'increase' ? upper !== null && upper < 0 : (lower as number) > 0;
      if (pDeterioration !== null && Math.abs(pDeterioration - alpha) > 1e-9)
        expect(pDeterioration < alpha).toBe(isLoss);
    });
  });

  it('what is good for one direction is bad for the other', () => {
    holds(fc.tuple(moments, moments), ([control, treatment]) => {
      const at = (direction: 'increase' | 'decrease') =>
        guardrailOfMeans(control, treatment, { direction, margin: null, alpha: 0.05 })
          .pDeterioration as number;
      expect(at('increase') + at('decrease')).toEqual(near(1));
    });
  });
});

describe('moments', () => {
  const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 60 });

  it('merged in any order and any grouping are those of all values', () => {
    holds(fc.tuple(fc.array(values, { minLength: 1, maxLength: 8 }), fc.nat()), ([parts, salt]) => {
      const all = momentsOf(parts.flat());
      const scale = Math.max(1, ...parts.flat().map(Math.abs));
      const shuffled = parts
        .map((part, i) => ({ part, key: (i * 7919 + salt) % 101 }))
        .sort((a, b) => a.key - b.key);
      const merged = shuffled.map(({ part }) => momentsOf(part)).reduce(mergeMoments);
      const fromEmpty = parts.map(momentsOf).reduceRight(mergeMoments, momentsOf([]));
      for (const { n, mean, variance } of [merged, fromEmpty]) {
        expect(n).toBe(all.n);
        expect((mean as number) / scale).toEqual(near((all.mean as number) / scale, 1e-14));
        expect((variance ?? 0) / scale ** 2).toEqual(near((all.variance ?? 0) / scale ** 2, 1e-12));
      }
    });
  });

  it('of values far from 0 keep their digits', () => {
    holds(values, (some) => {
      const shifted = some.map((value) => Math.round(value) + 2 ** 40);
      expect(momentsOf(shifted).variance ?? 0).toEqual(
        near(momentsOf(some.map(Math.round)).variance ?? 0, 1e-6),
      );
    });
  });
});

function holds<T>(arbitrary: fc.Arbitrary<T>, property: (value: T) => void): void {
  fc.assert(fc.property(arbitrary, property), RUNS);
}

/** The test, the interval of the difference, and that of the lift say the same. */
function agree({ p, interval, liftInterval, liftRegion, difference }: Comparison, alpha: number): void {
  if (p === null) return;
  expect(excludesZero(interval as Interval), `p ${p}, difference ${difference}`).toBe(p < alpha);
  if (liftInterval) expect(excludesZero(liftInterval), `p ${p}, lift`).toBe(p < alpha);
  if (liftRegion === 'whole-line') expect(p).toBeGreaterThanOrEqual(alpha);
}

function excludesZero({ lower, upper }: Interval): boolean {
  return (lower !== null && lower > 0) || (upper !== null && upper < 0);
}

function negated(one: Comparison, other: Comparison): void {
  expect(one.p).toEqual(other.p === null ? null : near(other.p));
  expect(one.difference).toEqual(near(-(other.difference as number)));
  if (one.statistic !== null) expect(one.statistic).toEqual(near(-(other.statistic as number)));
  const [a, b] = [one.interval as Interval, other.interval as Interval];
  expect(a.lower).toEqual(near(-(b.upper as number)));
  expect(a.upper).toEqual(near(-(b.lower as number)));
}

function sameButForUnit(one: Comparison, other: Comparison, factor: number): void {
  expect((other.difference as number) / factor).toEqual(near(one.difference as number));
  expect((other.interval?.lower as number) / factor).toEqual(near(one.interval?.lower as number));
  expect((other.interval?.upper as number) / factor).toEqual(near(one.interval?.upper as number));
  expect(other.p).toEqual(near(one.p as number));
  expect(other.lift).toEqual(one.lift === null ? null : near(one.lift));
  expect(other.liftRegion).toBe(one.liftRegion);
  expect(other.cautions).toEqual(one.cautions);
  if (one.liftInterval === null) return;
  expect(other.liftInterval?.lower).toEqual(near(one.liftInterval.lower as number, 1e-6));
  expect(other.liftInterval?.upper).toEqual(near(one.liftInterval.upper as number, 1e-6));
}

function inUnit({ n, mean, variance }: Moments, factor: number): Moments {
  return { n, mean: (mean as number) * factor, variance: (variance as number) * factor * factor };
}
