// Moments of a metric over the units of an arm, and how those of parts become those of the whole.
import { InvalidInputError } from './computed.ts';
import { checkCount, checkFinite } from './input.ts';
import { unitOf } from './unit.ts';

export interface Moments {
  /** Units: a safe integer from 0. */
  n: number;
  /** Null exactly where n is 0. */
  mean: number | null;
  /** The sample variance, with divisor n - 1; null exactly where n < 2. */
  variance: number | null;
}

/**
 * Moments of single values: the mean, then the squares around it, corrected for the rounding of the mean
 * (two passes; Chan, Golub & LeVeque 1983).
 * @throws InvalidInputError `not-finite`; `out-of-range` where the variance is larger than a number can be
 */
export function momentsOf(values: readonly number[]): Moments {
  for (const value of values) checkFinite(value, 'A value');
  const n = values.length;
  if (n === 0) return { n, mean: null, variance: null };
  const unit = unitOf(values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0));
  const mean = values.reduce((sum, value) => sum + value / unit, 0) / n;
  let [squares, rest] = [0, 0];
  for (const value of values) {
    const deviation = value / unit - mean;
    squares += deviation * deviation;
    rest += deviation;
  }
  const variance = n < 2 ? null : Math.max(0, squares - (rest * rest) / n) / (n - 1);
  return inUnit({ n, mean: mean + rest / n, variance }, unit);
}

/**
 * Moments of all units of two parts that share none: with d the difference of the means and M2 = (n - 1) variance,
 * M2 = M2a + M2b + d² na nb / (na + nb) (Chan, Golub & LeVeque 1983). The order of merging does not matter, but for rounding.
 * @throws InvalidInputError as checkMoments; `unsafe-integer` for a sum of units beyond 2^53; `out-of-range` as momentsOf
 */
export function mergeMoments(a: Moments, b: Moments): Moments {
  checkMoments(a, 'Part a');
  checkMoments(b, 'Part b');
  const n = a.n + b.n;
  checkCount(n, 'The sum of units');
  if (n === 0) return { n, mean: null, variance: null };
  const [varianceA, varianceB] = [knownVariance(a), knownVariance(b)];
  const unit = unitOf(a.mean ?? 0, b.mean ?? 0, Math.sqrt(varianceA), Math.sqrt(varianceB));
  const [meanA, meanB] = [(a.mean ?? 0) / unit, (b.mean ?? 0) / unit];
  const difference = meanB - meanA;
  const squares = (varianceA / unit / unit) * (a.n - 1) + (varianceB / unit / unit) * (b.n - 1);
  const between = difference * difference * a.n * (b.n / n);
  const mean = a.n >= b.n ? meanA + difference * (b.n / n) : meanB - difference * (a.n / n);
  return inUnit({ n, mean, variance: n < 2 ? null : (squares + between) / (n - 1) }, unit);
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

/** 0 for a single unit, and for less than 0 by rounding. */
function knownVariance({ n, variance }: Moments): number {
  return n < 2 ? 0 : Math.max(0, variance as number);
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
