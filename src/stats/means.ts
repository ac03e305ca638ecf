// Compares the means of two arms.
import type { Comparison } from './comparison.ts';
import type { Moments } from './moments.ts';

/** Welch's t, with Fieller's interval of the lift. */
export function compareMeans(_control: Moments, _treatment: Moments, _alpha: number): Comparison {
  throw new Error('to come');
}
