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
  /** At level 1 - alpha; null unless they form one, see `liftRegion`. It excludes 0 exactly when p < alpha. */
  liftInterval: Interval | null;
  /**
   * What the lifts that the data do not exclude form: an interval; all but an interval (`exclusive`); everything.
   * The latter two where the baseline cannot be told from 0.
   */
  liftRegion: 'interval' | 'exclusive' | 'whole-line' | null;
  /** Why p is null. */
  reason?: Reason;
  /** Whose data the reason is about, where it is about one side's. */
  lacking?: 'control' | 'treatment' | 'both';
  cautions: Caution[];
}

const NOTHING: Omit<Comparison, 'cautions'> = {
  difference: null,
  standardError: null,
  statistic: null,
  degreesOfFreedom: null,
  p: null,
  interval: null,
  lift: null,
  liftInterval: null,
  liftRegion: null,
};

/** A comparison of which only what is in `known` could be computed. */
export function notComputable(reason: Reason, known: Partial<Comparison> = {}): Comparison {
  return { ...NOTHING, cautions: [], ...known, reason };
}

/** Which of two sides has fewer than `units`; undefined where none has. */
export function lackingSide(
  control: { n: number },
  treatment: { n: number },
  units: number,
): 'control' | 'treatment' | 'both' | undefined {
  if (control.n < units) return treatment.n < units ? 'both' : 'control';
  return treatment.n < units ? 'treatment' : undefined;
}

/** A p-value that underflowed is the smallest number, since nothing has probability 0; rounding does not take one above 1. */
export function pValue(p: number): number {
  return Math.min(1, Math.max(Number.MIN_VALUE, p));
}

/**
 * The interval of an estimate, such that it has the estimate in it, and excludes 0 exactly when the test did: where these are
 * computed apart, their last digits may differ. `side` is where the test saw the effect: 1 above 0, -1 below, 0 nowhere.
 * An end beyond what a number can be is null: unbounded.
 */
export function agreeing(lower: number, upper: number, estimate: number, side: number): Interval {
  const ends = [Math.min(lower, estimate), Math.max(upper, estimate)] as const;
  const [low, high] =
    side === 0 ? [Math.min(ends[0], 0), Math.max(ends[1], 0)] : ends.map((end) => onSide(end, side));
  return { lower: finiteOrNull(low as number), upper: finiteOrNull(high as number) };
}

/** `end`, or the smallest number on that side of 0. */
function onSide(end: number, side: number): number {
  return side > 0 ? Math.max(end, Number.MIN_VALUE) : Math.min(end, -Number.MIN_VALUE);
}

export function finiteOrNull(x: number): number | null {
  return Number.isFinite(x) ? x : null;
}
