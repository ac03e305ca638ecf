// The interval of a single rate.
import { type Count, checkRate } from '../../../../src/stats/count.ts';
import { normalQuantile } from '../../../../src/stats/distributions/normal.ts';
import { checkAlpha } from '../../../../src/stats/input.ts';

/**
 * Wilson's score interval of a rate, at level 1 - alpha; it is never of width 0 (Wilson 1927). Null where n is 0.
 * @throws InvalidInputError `alpha-out-of-range`, and as checkRate
 */
export function rateInterval(count: Count, alpha: number): { lower: number; upper: number } | null {
  checkAlpha(alpha);
  checkRate(count, 'the arm');
  const { conversions, n } = count;
  if (n === 0) return null;
  const square = normalQuantile(Math.max(alpha / 2, Number.MIN_VALUE)) ** 2;
  const others = n - conversions;
  const spread = Math.sqrt(square * (square / 4 + conversions * (others / n)));
  return {
    lower: conversions === 0 ? 0 : (conversions + square / 2 - spread) / (n + square),
    upper: others === 0 ? 1 : (conversions + square / 2 + spread) / (n + square),
  };
}
