// Student's t distribution: areas and quantiles, for fractional and for huge degrees of freedom.
import betainc from '@stdlib/math-base-special-betainc';
import tQuantileOfStdlib from '@stdlib/stats-base-dists-t-quantile';
import { asDegreesOfFreedom, asNumber, asProbability } from './argument.ts';

/**
 * P(T > t) = I_{df/(df+t²)}(df/2, 1/2) / 2 for t >= 0, and 1 minus that of -t below.
 * @throws InvalidInputError `not-finite` for NaN, or where df is not a positive number
 */
export function tTail(t: number, df: number): number {
  return asNumber(t) < 0 ? 1 - tail(-t, asDegreesOfFreedom(df)) : tail(t, asDegreesOfFreedom(df));
}

/**
 * P(T <= t): the upper tail of -t.
 * @throws InvalidInputError as tTail
 */
export function tCdf(t: number, df: number): number {
  return tTail(-t, df);
}

/**
 * P(|T| > |t|), the p-value of a two-sided test.
 * @throws InvalidInputError as tTail
 */
export function tTwoSided(t: number, df: number): number {
  return 2 * tTail(Math.abs(t), df);
}

/**
 * The t with P(T <= t) = `area`, in (0, 1). Infinite where it exceeds what a number can be.
 * @throws InvalidInputError `p-out-of-range`, or `not-finite` where df is not a positive number
 */
export function tQuantile(area: number, df: number): number {
  return tQuantileOfStdlib(asProbability(area), asDegreesOfFreedom(df));
}

/** Of the two forms of the same integral, the one whose argument does not round to 1. */
function tail(t: number, df: number): number {
  const square = t * t;
  if (square === Number.POSITIVE_INFINITY) return 0;
  return square < df
    ? betainc(square / (df + square), 0.5, df / 2, true, true) / 2
    : betainc(df / (df + square), df / 2, 0.5) / 2;
}
