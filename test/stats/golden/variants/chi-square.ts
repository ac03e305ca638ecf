// The chi-square distribution's lower tail and quantile.
import { asDegreesOfFreedom, asNumber, asProbability } from '../../../../src/stats/distributions/argument.ts';
import { chiSquareTail } from '../../../../src/stats/distributions/chi-square.ts';
import { incompleteGamma } from '../../../../src/stats/distributions/gamma.ts';
import { normalQuantile } from '../../../../src/stats/distributions/normal.ts';
import { rootBetween } from '../../../../src/stats/root.ts';

/**
 * P(X <= x) = P(df/2, x/2). As exact as the tail, also where it is small.
 * @throws InvalidInputError as chiSquareTail
 */
export function chiSquareCdf(x: number, df: number): number {
  return incompleteGamma(asDegreesOfFreedom(df) / 2, Math.max(0, asNumber(x)) / 2).lower;
}

/**
 * The x with P(X > x) = `area`, in (0, 1): the root in ln x, from Wilson and Hilferty's approximation (1931) on, of the logarithm of
 * whichever area is the smaller. Within 1e-12, relative (measured).
 * @throws InvalidInputError `p-out-of-range`, or as chiSquareTail
 */
export function chiSquareTailQuantile(area: number, df: number): number {
  const isUpper = asProbability(area) <= 0.5;
  const [wanted, areaBeyond] = isUpper ? [Math.log(area), chiSquareTail] : [Math.log(1 - area), chiSquareCdf];
  const excess = (logX: number) => (Math.log(areaBeyond(Math.exp(logX), df)) - wanted) * (isUpper ? 1 : -1);
  const cube = 1 - 2 / (9 * asDegreesOfFreedom(df)) - normalQuantile(area) * Math.sqrt(2 / (9 * df));
  const guess = Math.log(df) + 3 * Math.log(Math.max(cube, 1e-3));
  let [lower, upper, step] = [guess - 0.01, guess + 0.01, 0.02];
  for (; excess(lower) < 0; step *= 2) lower -= step;
  for (step = 0.02; excess(upper) > 0; step *= 2) upper += step;
  return Math.exp(rootBetween(excess, lower, upper, 1e-15));
}
