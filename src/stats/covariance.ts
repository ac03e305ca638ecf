// What two metrics of the same units can have in common.
import { InvalidInputError } from './computed.ts';
import { checkMoment } from './moments.ts';

/** Moments that PostgreSQL computed apart may exceed the bound by their rounding. */
const ROUNDING = 1 + 1e-9;

/**
 * |cov| <= sqrt(vx vy), or the moments do not belong together.
 * @throws InvalidInputError `missing-moment`, `not-finite`, `covariance-exceeds-cauchy-schwarz`
 */
export function checkCovariance(
  covariance: number | null,
  varianceX: number,
  varianceY: number,
  what: string,
): asserts covariance is number {
  checkMoment(covariance, `The covariance of ${what}`);
  const bound = Math.sqrt(Math.max(0, varianceX)) * Math.sqrt(Math.max(0, varianceY));
  if (Math.abs(covariance) <= bound * ROUNDING + Number.MIN_VALUE) return;
  throw new InvalidInputError(
    'covariance-exceeds-cauchy-schwarz',
    `The covariance of ${what} is ${covariance}, and with these variances at most ${bound}: they are not of the same units.`,
  );
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
