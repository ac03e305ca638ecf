// Caps what few units do to a mean: values above a percentile of all arms together become that percentile.

/** The percentile of the pooled values: linear interpolation at (n - 1) q (Hyndman & Fan 1996, type 7). Null for no values. */
export function percentile(_values: readonly number[], _q: number): number | null {
  throw new Error('to come');
}

/** Values above `cap` become it. */
export function winsorise(values: readonly number[], cap: number): number[] {
  return values.map((value) => Math.min(value, cap));
}
