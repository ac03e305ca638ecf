// Compares ratios of two metrics that are summed per unit, by the delta method.
import type { Comparison } from './comparison.ts';

export interface RatioMoments {
  n: number;
  numerator: { mean: number | null; variance: number | null };
  denominator: { mean: number | null; variance: number | null };
  /** Sample covariance, with divisor n - 1; null exactly where n < 2. */
  covariance: number | null;
}

/** Delta method, then Welch and Fieller. */
export function compareRatios(_control: RatioMoments, _treatment: RatioMoments, _alpha: number): Comparison {
  throw new Error('to come');
}
