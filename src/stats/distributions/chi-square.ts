// The chi-square distribution: areas and quantiles.
import gammainc from '@stdlib/math-base-special-gammainc';
import { asDegreesOfFreedom, asNumber, asProbability } from './argument.ts';

/** P(X > x) = Q(df/2, x/2), never 1 - cdf. @throws InvalidInputError `not-finite` */
export function chiSquareTail(x: number, df: number): number {
  return gammainc(Math.max(0, asNumber(x)) / 2, asDegreesOfFreedom(df) / 2, true, true);
}

/** P(X <= x). @throws InvalidInputError `not-finite` */
export function chiSquareCdf(x: number, df: number): number {
  return gammainc(Math.max(0, asNumber(x)) / 2, asDegreesOfFreedom(df) / 2, true, false);
}

/** The x with P(X > x) = `area`, in (0, 1). @throws InvalidInputError `p-out-of-range`, `not-finite` */
export function chiSquareTailQuantile(area: number, _df: number): number {
  throw new Error(`to come: ${asProbability(area)}`);
}
