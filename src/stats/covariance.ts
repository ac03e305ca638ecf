// What two metrics of the same units can have in common.
import { InvalidInputError } from './computed.ts';
import { checkMoment } from './moments.ts';
import { CONSTANT_DEVIATION } from './unit.ts';

/** Moments that PostgreSQL computed apart may exceed the bound by their rounding. */
const ROUNDING = 1 + 1e-9;

/**
 * |cov| <= sqrt(vx vy), or the moments do not belong together.
 * @throws InvalidInputError `missing-moment`, `not-finite`, `covariance-exceeds-cauchy-schwarz`
 */
export function checkCovariance(covariance: number | null, x: Spread, y: Spread, what: string): void {
  checkMoment(covariance, `The covariance of ${what}`);
  const bound = deviationOf(x) * deviationOf(y);
  if (Math.abs(covariance) <= bound * ROUNDING + Number.MIN_VALUE) return;
  throw new InvalidInputError(
    'covariance-exceeds-cauchy-schwarz',
    `The covariance of ${what} is ${covariance}, and with these variances at most ${bound}: they are not of the same units.`,
  );
}

interface Spread {
  mean: number | null;
  variance: number | null;
}

/** At least that of a constant, whose deviations are its rounding. */
function deviationOf({ mean, variance }: Spread): number {
  return Math.max(Math.sqrt(Math.max(0, variance ?? 0)), Math.abs(mean ?? 0) * CONSTANT_DEVIATION);
}

/** What is left of a variance is taken as 0 below it, relative to its parts: it is their rounding. */
const CANCELLED = 1e-12;

/** The variance of y - slope x: vy - 2 slope cov + slope² vx; 0 where one says the other exactly. */
export function residualVariance(
  varianceY: number,
  covariance: number,
  varianceX: number,
  slope: number,
): number {
  const parts = varianceY + slope * slope * varianceX;
  const variance = parts - 2 * slope * covariance;
  return variance <= CANCELLED * parts ? 0 : variance;
}
