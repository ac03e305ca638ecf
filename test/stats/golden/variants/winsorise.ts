// Winsorising in memory, beside the SQL that does it for the product: values above a percentile of all arms together become that percentile.
import { InvalidInputError } from '../../../../src/stats/computed.ts';
import { checkFinite } from '../../../../src/stats/input.ts';

/**
 * The `q`-quantile of values, by linear interpolation at (n - 1) q (Hyndman & Fan 1996, type 7, as PostgreSQL's percentile_cont).
 * For a cap: that of all arms' values together, taken once, since one per arm would hide a difference.
 * q in [0, 1]; null for no values.
 * @throws InvalidInputError `not-finite`, `p-out-of-range`
 */
export function percentile(values: readonly number[], q: number): number | null {
  if (!(q >= 0 && q <= 1)) {
    throw new InvalidInputError('p-out-of-range', `A percentile is between 0 and 1, and not ${q}.`);
  }
  for (const value of values) checkFinite(value, 'A value');
  if (values.length === 0) return null;
  const ascending = Float64Array.from(values).sort();
  const position = (ascending.length - 1) * q;
  const below = Math.floor(position);
  const [lower, upper] = [ascending[below] as number, ascending[Math.ceil(position)] as number];
  const share = position - below;
  return Number.isFinite(upper - lower)
    ? lower + share * (upper - lower)
    : (1 - share) * lower + share * upper;
}

/** The values, where those above `cap` became it. */
export function winsorise(values: readonly number[], cap: number): number[] {
  return values.map((value) => Math.min(value, cap));
}
