// How long to wait before trying again: growing, bounded, and jittered so that a fleet does not knock all at once.

/**
 * The wait before a retry, in milliseconds: doubles from `baseMs` up to `capMs`, then between `leastPart` (half) and the
 * whole of that.
 * @param attempt how many attempts have failed in a row, from 1
 * @param random a number in [0, 1)
 */
export function backoffMs(
  attempt: number,
  random: number,
  { baseMs = 100, capMs = 5_000, leastPart = 0.5 } = {},
): number {
  const full = Math.min(capMs, baseMs * 2 ** Math.min(attempt - 1, 30));
  return full * (leastPart + random * (1 - leastPart));
}
