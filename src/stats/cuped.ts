// CUPED: what a unit did before the experiment takes noise out of what it did in it.
import type { Comparison } from './comparison.ts';
import type { Caution } from './computed.ts';
import type { Moments } from './moments.ts';

export interface CovariateMoments {
  n: number;
  mean: number | null;
  variance: number | null;
  /** Of what was measured before; null where it was not. */
  covariate: { mean: number | null; variance: number | null } | null;
  /** Sample covariance of both, with divisor n - 1; null where n < 2 or there is no covariate. */
  covariance: number | null;
}

export interface Adjustment {
  theta: number;
  /** Pooled within the arms; null where either has no variance. */
  correlation: number | null;
  /** Over all arms; null where there is no covariate. */
  covariateMean: number | null;
  /** In the order of the arms. */
  arms: Moments[];
  cautions: Caution[];
}

export interface AdjustedComparison extends Comparison {
  /** 1 - (standard error with / without the covariate)²; null where it cannot be said. */
  varianceReduction: number | null;
}

/** The arms' moments after adjustment; the first arm is the baseline. */
export function adjust(_arms: readonly CovariateMoments[]): Adjustment {
  throw new Error('to come');
}

/** One comparison for each arm after the first, with the first. */
export function compareAdjusted(
  _arms: readonly CovariateMoments[],
  _alpha: number,
): Adjustment & { comparisons: AdjustedComparison[] } {
  throw new Error('to come');
}
