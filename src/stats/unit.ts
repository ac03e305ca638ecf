// Scales by powers of two, so that squares neither overflow nor vanish: no digit changes, whatever the size of a metric's values.

/** The standard deviation below which, relative to the mean, values are taken as the same: it is rounding. */
export const CONSTANT_DEVIATION = 2 ** -40;

/** The power of two at or below the largest of the magnitudes, in [2^-1074, 2^1023]; 1 where all are 0. Divide by it. */
export function unitOf(...magnitudes: readonly number[]): number {
  let largest = 0;
  for (const magnitude of magnitudes) largest = Math.max(largest, Math.abs(magnitude));
  return largest === 0 ? 1 : 2 ** Math.min(1023, Math.floor(Math.log2(largest)));
}

/**
 * A variance in units of `unit`²: 0 where it is negative (by rounding, since it was checked), and where it is so small beside the
 * mean that the values are the same but for rounding. Else a constant would be told from itself with certainty.
 */
export function scaledVariance(variance: number, mean: number, unit: number): number {
  const scaled = variance / unit / unit;
  return scaled <= (CONSTANT_DEVIATION * (mean / unit)) ** 2 ? 0 : scaled;
}
