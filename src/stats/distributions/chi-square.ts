// The chi-square distribution's upper tail, for any degrees of freedom.
import { asDegreesOfFreedom, asNumber } from './argument.ts';
import { incompleteGamma } from './gamma.ts';

/**
 * P(X > x) = Q(df/2, x/2), never 1 - cdf. 1 for x <= 0; underflows to 0. Within 1e-12, relative (measured).
 * @throws InvalidInputError `not-finite` for NaN, or where df is not a positive number
 */
export function chiSquareTail(x: number, df: number): number {
  return incompleteGamma(asDegreesOfFreedom(df) / 2, Math.max(0, asNumber(x)) / 2).upper;
}
