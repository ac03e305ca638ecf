// Arbitrary data for the statistics: what experiments have, and what no experiment should have.
import fc from 'fast-check';
import type { Count } from '../../src/stats/count.ts';
import type { CovariateMoments } from '../../src/stats/cuped.ts';
import type { Moments } from '../../src/stats/moments.ts';
import type { RatioMoments } from '../../src/stats/ratios.ts';

/** As experiments have them: none of the numbers is near what a number can hold. */
export const alphas = fc.constantFrom(0.2, 0.1, 0.05, 0.02, 0.01, 0.001);
export const counts = (least = 1): fc.Arbitrary<Count> =>
  fc
    .tuple(fc.oneof(fc.integer({ min: least, max: 60 }), fc.integer({ min: least, max: 5_000_000 })), unit())
    .map(([n, share]) => ({ n, conversions: Math.round(n * share ** 3) }));
export const moments: fc.Arbitrary<Moments> = fc.record({
  n: fc.oneof(fc.integer({ min: 2, max: 40 }), fc.integer({ min: 2, max: 2_000_000 })),
  mean: tenThousandths(-20, 100),
  variance: between(0.01, 900),
});
export const covariateMoments: fc.Arbitrary<CovariateMoments> = fc
  .record({
    arm: moments,
    mean: tenThousandths(-5, 50),
    variance: between(0.1, 400),
    correlation: between(-0.99, 0.99),
  })
  .map(({ arm, mean, variance, correlation }) => ({
    ...arm,
    covariate: { mean, variance },
    covariance: correlation * Math.sqrt(variance * (arm.variance as number)),
  }));
export const ratioMoments: fc.Arbitrary<RatioMoments> = covariateMoments.map((arm) => ({
  n: arm.n,
  numerator: { mean: arm.mean, variance: arm.variance },
  denominator: {
    mean: 1 + Math.abs(arm.covariate?.mean as number),
    variance: arm.covariate?.variance as number,
  },
  covariance: arm.covariance,
}));

/** Any number at all, with those that break formulas more often than chance has them. */
const hostileNumber = fc.oneof(
  { weight: 3, arbitrary: fc.double() },
  { weight: 2, arbitrary: fc.double({ min: -1e3, max: 1e3, noNaN: true }) },
  fc.constantFrom(
    0,
    -0,
    1,
    -1,
    5e-324,
    -5e-324,
    1e-200,
    1e-160,
    1e154,
    1e160,
    -1e200,
    1.7976931348623157e308,
  ),
  fc.constantFrom(
    2 ** 53 - 1,
    2 ** 53,
    0.1 + 0.2,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
  ),
);
const hostileN = fc.oneof(
  { weight: 6, arbitrary: fc.nat(100) },
  { weight: 3, arbitrary: fc.maxSafeNat() },
  { weight: 1, arbitrary: hostileNumber },
);
const hostileMoment = fc.option(hostileNumber, { freq: 20 });
/** Mostly what a variance may be. */
const hostileVariance = fc.oneof(
  { weight: 5, arbitrary: hostileMoment.map((x) => x && Math.abs(x)) },
  hostileMoment,
);

export const hostileAlpha = fc.oneof(
  { weight: 4, arbitrary: fc.double({ min: 0, max: 1, minExcluded: true, maxExcluded: true, noNaN: true }) },
  { weight: 4, arbitrary: fc.constantFrom(0.05, 5e-324, 1e-300, 1 - 2 ** -53, 0.5) },
  { weight: 1, arbitrary: hostileNumber },
);
export const hostileCount = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.tuple(hostileN, unit()).map(([n, share]) => ({ n, conversions: Math.floor(n * share) })),
  },
  { weight: 2, arbitrary: fc.tuple(hostileN, fc.nat(3)).map(([n, off]) => ({ n, conversions: n - off })) },
  { weight: 2, arbitrary: fc.record({ n: hostileN, conversions: fc.nat(3) }) },
  { weight: 1, arbitrary: fc.record({ n: hostileN, conversions: hostileN }) },
);
export const hostileMoments = fc.record({ n: hostileN, mean: hostileMoment, variance: hostileVariance });
/** Of a plausible covariance often, since others are refused at the door. */
export const hostileCovariate = fc
  .record({
    arm: hostileMoments,
    covariate: fc.option(fc.record({ mean: hostileMoment, variance: hostileVariance }), { freq: 20 }),
    correlation: fc.oneof(fc.double({ min: -1, max: 1, noNaN: true }), fc.constantFrom(-1, 0, 1)),
    covariance: hostileMoment,
    isPlausible: fc.boolean(),
  })
  .map(({ arm, covariate, correlation, covariance, isPlausible }) => {
    const bound = Math.sqrt(Math.abs(arm.variance ?? 0)) * Math.sqrt(Math.abs(covariate?.variance ?? 0));
    return { ...arm, covariate, covariance: isPlausible ? correlation * bound : covariance };
  });
export const hostileRatio = hostileCovariate.map(({ n, mean, variance, covariate, covariance }) => ({
  n,
  numerator: { mean, variance },
  denominator: covariate ?? { mean: 1, variance: 0 },
  covariance,
}));
export const hostilePlan = fc.record({
  direction: fc.constantFrom('increase' as const, 'decrease' as const),
  margin: fc.option(fc.oneof(fc.double({ min: 0, max: 1 }), hostileNumber)),
  alpha: hostileAlpha,
});
export { hostileNumber };

/** So that none is a number which only a product of others would make. */
function tenThousandths(min: number, max: number): fc.Arbitrary<number> {
  return fc.integer({ min: min * 1e4, max: max * 1e4 }).map((n) => n / 1e4);
}

function unit(): fc.Arbitrary<number> {
  return between(0, 1);
}

function between(min: number, max: number): fc.Arbitrary<number> {
  return fc.double({ min, max, noNaN: true });
}
