// Compares the conversion rates of two arms.
import type { Comparison } from './comparison.ts';
import type { Interval } from './computed.ts';

export interface Count {
  conversions: number;
  n: number;
}

export interface ProportionComparison extends Comparison {
  /** Pearson's statistic, without Yates' correction: the square of `statistic`. */
  chiSquare: number | null;
  /** Of the four cells. Below 5 the comparison has the caution `low counts`. */
  minExpectedCount: number | null;
  /** Fisher's two-sided p, where counts are low. */
  exactP: number | null;
}

/** Pearson's chi-square, Mee's score interval of the difference, Koopman's of the lift. */
export function compareProportions(_control: Count, _treatment: Count, _alpha: number): ProportionComparison {
  throw new Error('to come');
}

/** Wilson's interval of a rate; null where n is 0. */
export function rateInterval(_count: Count, _alpha: number): Interval | null {
  throw new Error('to come');
}
