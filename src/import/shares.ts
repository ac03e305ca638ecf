// Foreign weights as percentages that Halyard takes: at most two decimals, and exactly 100 in all.
import { Untranslatable } from './untranslatable.ts';

export interface Shares {
  /** In percent, in the order of the weights. */
  percents: number[];
  /** Whether no weight had to be rounded. */
  exact: boolean;
}

/** Splits 100 % as the weights do (largest remainder). Throws Untranslatable where they are not numbers from 0, or all are 0. */
export function sharesOf(weights: readonly number[]): Shares {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (!(total > 0 && Number.isFinite(total) && weights.every((weight) => weight >= 0)))
    throw new Untranslatable('', `Its weights are ${weights.join(', ')}, which split nothing.`);
  const wanted = weights.map((weight) => (weight * 10_000) / total);
  // 28.5 % of 100 is 2850.0000000000005 hundredths in floating point.
  const isWhole = (hundredths: number) => Math.abs(hundredths - Math.round(hundredths)) < 1e-6;
  const shares = wanted.map((hundredths) =>
    isWhole(hundredths) ? Math.round(hundredths) : Math.floor(hundredths),
  );
  let left = 10_000 - shares.reduce((sum, share) => sum + share, 0);
  const byRemainder = wanted
    .map((hundredths, index) => ({ index, remainder: hundredths - (shares[index] ?? 0) }))
    .sort((a, b) => b.remainder - a.remainder);
  for (const { index } of byRemainder) {
    if (left-- <= 0) break;
    shares[index] = (shares[index] ?? 0) + 1;
  }
  return { percents: shares.map((share) => share / 100), exact: wanted.every(isWhole) };
}

/** A percentage with at most two decimals: `round(p * 100)`, as the engine makes it. Throws Untranslatable for NaN. */
export function percentOf(percent: number): { percent: number; exact: boolean } {
  if (Number.isNaN(percent)) throw new Untranslatable('', 'A percentage of it is no number.');
  const hundredths = Math.min(10_000, Math.max(0, Math.round(percent * 100)));
  return { percent: hundredths / 100, exact: Math.abs(percent * 100 - hundredths) < 1e-6 };
}
