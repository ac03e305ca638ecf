// Moments of a metric over the units of an arm, and how those of parts become those of the whole.

export interface Moments {
  /** Units: a safe integer from 0. */
  n: number;
  /** Null exactly where n is 0. */
  mean: number | null;
  /** The sample variance, with divisor n - 1; null exactly where n < 2. */
  variance: number | null;
}

export function momentsOf(_values: readonly number[]): Moments {
  throw new Error('to come');
}

export function mergeMoments(_a: Moments, _b: Moments): Moments {
  throw new Error('to come');
}
