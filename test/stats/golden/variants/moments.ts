// Moments in memory, beside the SQL aggregates that compute them for the product: of values, and of a whole from its parts.
import { checkCount, checkFinite } from '../../../../src/stats/input.ts';
import { checkMoments, inUnit, type Moments } from '../../../../src/stats/moments.ts';
import { unitOf } from '../../../../src/stats/unit.ts';

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

/** 0 for a single unit, and for less than 0 by rounding. */
function knownVariance({ n, variance }: Moments): number {
  return n < 2 ? 0 : Math.max(0, variance as number);
}
