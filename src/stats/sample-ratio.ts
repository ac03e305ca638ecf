// Whether units were split between the arms as planned. If not, what made them go astray biases every metric.
import type { Caution, Reason } from './computed.ts';

/** Below this p a split is called broken (Fabijan et al. 2019; Kohavi, Tang & Xu 2020, ch. 21). */
export const MISMATCH_ALPHA = 0.001;

export interface SampleRatio {
  /** Pearson's; null where p is null, or where it is infinite since an arm of weight 0 got units. */
  statistic: number | null;
  /** Arms with a weight above 0, less one. */
  degreesOfFreedom: number | null;
  p: number | null;
  /** Units that the plan expects of each arm, in their order. */
  expected: number[];
  /** p < MISMATCH_ALPHA, and enough units to say so. */
  isMismatch: boolean;
  reason?: Reason;
  cautions: Caution[];
}

export interface AlwaysValidSampleRatio {
  /** Natural logarithm; null where it is infinite, or there is nothing to compare. */
  logBayesFactor: number | null;
  p: number | null;
  isMismatch: boolean;
  reason?: Reason;
  cautions: Caution[];
}

/** Pearson's goodness of fit, for one look. */
export function sampleRatio(_observed: readonly number[], _weights: readonly number[]): SampleRatio {
  throw new Error('to come');
}

/** For as many looks as one likes. */
export function alwaysValidSampleRatio(
  _observed: readonly number[],
  _weights: readonly number[],
  _concentration = 10_000,
): AlwaysValidSampleRatio {
  throw new Error('to come');
}
