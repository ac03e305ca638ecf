// Moments of a metric over the units of an arm, as PostgreSQL's aggregates give them.
import { InvalidInputError } from './computed.ts';
import { checkCount, checkFinite } from './input.ts';

export interface Moments {
  /** Units: a safe integer from 0. */
  n: number;
  /** Null exactly where n is 0. */
  mean: number | null;
  /** The sample variance, with divisor n - 1; null exactly where n < 2. */
  variance: number | null;
}

/**
 * Refuses what no data can have. A variance that is negative by no more than rounding (1e-12 of the mean's square, as sums of
 * squares leave it) passes: see isClamped.
 * @throws InvalidInputError `not-finite`, `missing-moment`, `negative-variance`, and what checkCount throws
 */
export function checkMoments({ n, mean, variance }: Moments, what: string): void {
  checkCount(n, `The number of units of ${what}`);
  if (n >= 1) checkMoment(mean, `The mean of ${what}`);
  if (n >= 2) checkVariance(variance, mean, what);
}

/** @throws InvalidInputError `missing-moment`, `not-finite` */
export function checkMoment(moment: number | null, what: string): asserts moment is number {
  if (moment === null)
    throw new InvalidInputError('missing-moment', `${what} is missing, though there are units.`);
  checkFinite(moment, what);
}

/** @throws InvalidInputError `missing-moment`, `not-finite`, `negative-variance` */
export function checkVariance(
  variance: number | null,
  mean: number | null,
  what: string,
): asserts variance is number {
  checkMoment(variance, `The variance of ${what}`);
  if (variance >= 0 || isClamped(variance, mean)) return;
  throw new InvalidInputError('negative-variance', `The variance of ${what} is ${variance}.`);
}

/** Negative by rounding alone: it is taken as 0, and said so. */
export function isClamped(variance: number | null, mean: number | null): boolean {
  const scale = Math.abs(mean ?? 0) * 1e-6;
  return variance !== null && variance < 0 && Math.sqrt(-variance) < scale;
}

/** Moments that were computed in units of `unit`. @throws InvalidInputError `out-of-range` */
export function inUnit({ n, mean, variance }: Moments, unit: number): Moments {
  const result = {
    n,
    mean: mean === null ? null : mean * unit,
    variance: variance === null ? null : variance * unit * unit,
  };
  if (Number.isFinite(result.mean ?? 0) && Number.isFinite(result.variance ?? 0)) return result;
  throw new InvalidInputError('out-of-range', 'A mean or a variance is larger than a number can be.');
}
