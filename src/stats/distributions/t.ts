// Student's t distribution: areas and quantiles, for fractional and for huge degrees of freedom.
import betainc from '@stdlib/math-base-special-betainc';
import tQuantileOfStdlib from '@stdlib/stats-base-dists-t-quantile';
import { rootBetween } from '../root.ts';
import { asDegreesOfFreedom, asNumber, asProbability } from './argument.ts';
import { normalQuantile } from './normal.ts';

/** Beyond it the tail is a power of t, to all digits of a number, and t² not much later is infinite. */
const FAR = 1e150;
/** Below it stdlib's quantile is infinite where its square would be, and wrong where the area has lost digits itself. */
const SMALLEST_AREA_OF_STDLIB = 1e-150;
/** ln of the largest number. */
const LARGEST_LOG = 709.78;

/**
 * P(T > t) = I_{df/(df+t²)}(df/2, 1/2) / 2 for t >= 0, and 1 minus that of -t below. Underflows to 0.
 * Within 1e-11, relative (measured), for df from 1 to 1e12: to 1e-12 but for areas below 1e-50 at very many degrees of freedom.
 * @throws InvalidInputError `not-finite` for NaN, or where df is not a positive number
 */
export function tTail(t: number, df: number): number {
  return asNumber(t) < 0 ? 1 - tail(-t, asDegreesOfFreedom(df)) : tail(t, asDegreesOfFreedom(df));
}

/**
 * P(T <= t): the tail of -t.
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
 * The t with P(T <= t) = `area`, in (0, 1): by the inverse of the incomplete beta function, and far out by a search for the root.
 * Within 1e-12, relative (measured); infinite where it exceeds what a number can be. As with the normal one, ask for small areas,
 * and negate.
 * @throws InvalidInputError `p-out-of-range`, or `not-finite` where df is not a positive number
 */
export function tQuantile(area: number, df: number): number {
  return asProbability(area) < SMALLEST_AREA_OF_STDLIB
    ? -tailQuantile(area, asDegreesOfFreedom(df))
    : tQuantileOfStdlib(area, asDegreesOfFreedom(df));
}

/** The root in ln t, upwards from the normal quantile: tails of t are heavier. */
function tailQuantile(area: number, df: number): number {
  const excess = (logT: number) => Math.log(tail(Math.exp(logT), df)) - Math.log(area);
  let [lower, upper] = [0, Math.log(-normalQuantile(area))];
  for (let step = 1; excess(upper) > 0; step *= 2) {
    if (upper >= LARGEST_LOG) return Number.POSITIVE_INFINITY;
    [lower, upper] = [upper, Math.min(LARGEST_LOG, upper + step)];
  }
  return Math.exp(rootBetween(excess, lower, upper, 1e-15));
}

/**
 * Of the two forms of the same integral, the one whose argument does not round to 1. With 1 degree of freedom it is Cauchy's
 * distribution, for which stdlib's integral loses digits near 0.
 */
function tail(t: number, df: number): number {
  if (df === 1) return Math.atan2(1, t) / Math.PI;
  if (t > FAR) return tail(FAR, df) * (FAR / t) ** df;
  const square = t * t;
  return square < df
    ? betainc(square / (df + square), 0.5, df / 2, true, true) / 2
    : betainc(df / (df + square), df / 2, 0.5) / 2;
}
