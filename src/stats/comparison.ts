// What comparing an arm with the baseline answers, whatever the metric.
import type { Caution, Interval, Reason } from './computed.ts';

/** All differences are treatment minus control, in the metric's own unit. Null is what could not be computed. */
export interface Comparison {
  difference: number | null;
  /** Of the difference. */
  standardError: number | null;
  /** t for means and ratios, z for proportions; its sign is the difference's. */
  statistic: number | null;
  /** Of t; null for z. */
  degreesOfFreedom: number | null;
  /** Two-sided, in (0, 1]; one too small for a number is the smallest number, never 0. */
  p: number | null;
  /** Of the difference, at level 1 - alpha. It excludes 0 exactly when p < alpha. */
  interval: Interval | null;
  /** The difference relative to the absolute value of the baseline: 0.04 is 4 %. */
  lift: number | null;
  /** At level 1 - alpha; null unless `liftRegion` is bounded. It excludes 0 exactly when p < alpha. */
  liftInterval: Interval | null;
  /**
   * What the lifts that the data do not exclude form: an interval; all but an interval around 0 (`exclusive`); everything.
   * The latter two where the baseline cannot be told from 0.
   */
  liftRegion: 'bounded' | 'exclusive' | 'whole-line' | null;
  /** Why p is null. */
  reason?: Reason;
  /** Whose data the reason is about, where it is about one side's. */
  lacking?: 'control' | 'treatment' | 'both';
  cautions: Caution[];
}
