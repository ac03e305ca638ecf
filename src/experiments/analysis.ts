// What an analysis says, whole: the reports are made of this alone, and it is what is kept of each look.
import type { Caution, Interval, Reason } from '../stats/computed.ts';

/** The one sentence that a reader takes away, as a kind; the words are the report's. */
export type Verdict =
  /** The split between arms is not what was planned: nothing below may be read. */
  | { kind: 'broken-split' }
  /** No unit was exposed yet, or there is no event of the primary metric. */
  | { kind: 'no-data'; why: string }
  /** Neither a minimum effect nor an end was planned, or nobody has been measured who a plan could be made of: nothing ever is final. */
  | { kind: 'no-plan'; missing: string }
  /** Not yet at the planned size, or between two planned looks: no p-value is shown. */
  | { kind: 'too-early'; unitsPerArm: number; plannedPerArm: number | null }
  /** The primary metric moved: in the good direction, for the arm that moved farthest; `worse` only where no arm is better. */
  | { kind: 'better' | 'worse'; arm: string }
  /** The plan is used up, and the primary metric did not move. */
  | { kind: 'no-difference' }
  /** The primary metric cannot be computed. */
  | { kind: 'not-computable'; reason: Reason };

/** One arm's metric beside the baseline's. Differences are the arm's minus the baseline's, in the metric's own unit. */
export interface ArmResult {
  arm: string;
  /** Units that count for this metric. */
  units: number;
  /** The rate, the mean, or the ratio; null where there is none. */
  value: number | null;
}

export interface ComparisonResult extends ArmResult {
  difference: number | null;
  interval: Interval | null;
  /** Relative to the baseline's absolute value: 0.04 is 4 %. */
  lift: number | null;
  liftInterval: Interval | null;
  /** Null where nothing may be said yet, or it cannot be computed. */
  p: number | null;
  /** By the plan of looks, and after Holm over the secondary metrics, or times the number of arms for the primary one; what `isSignificant` goes by. */
  adjustedP: number | null;
  isSignificant: boolean;
  /**
   * Of secondary metrics: by the plan of looks and after Benjamini and Hochberg, for whoever explores. Of those at or below q, at most
   * the share q is no difference, on average.
   */
  falseDiscoveryP?: number | null;
  reason?: Reason;
  cautions: Caution[];
}

export interface MetricResult {
  metric: string;
  type: 'binary' | 'count' | 'mean' | 'ratio';
  direction: 'increase' | 'decrease';
  baseline: ArmResult;
  arms: ComparisonResult[];
  /** In words, in order: the test, the interval, the window, winsorising, CUPED with its reduction of variance. */
  method: string[];
  /** The level of the intervals: 0.95 say. */
  confidence: number;
}

export interface GuardrailResult extends MetricResult {
  margin: number | null;
  verdicts: {
    arm: string;
    verdict: 'harm' | 'safe' | 'inconclusive';
    pDeterioration: number | null;
    pNonInferiority: number | null;
  }[];
}

export interface SplitResult {
  arms: { arm: string; weight: number; units: number; expected: number; crossedOver: number }[];
  p: number | null;
  /** May be looked at every day. */
  alwaysValidP: number | null;
  isBroken: boolean;
}

/** A planned look that was taken; without a sequential plan the only one is the last. What it said stands. */
export interface LookTaken {
  /** From 1 to the number of planned looks; those that were missed have none. */
  look: number;
  at: string;
  /** Of the planned size, or of the planned time: 1 is all of it. */
  fraction: number;
  /** Measured units of all arms. */
  units: number;
  /** What it knows: the first one its fraction, and each later one as many times as much as the one before as was measured. */
  information: number;
  isFinal: boolean;
  arms: {
    arm: string;
    p: number | null;
    /** The normal quantile that p stands for, with the sign of the difference. */
    z: number | null;
    /** |z| at or above it is a crossing; null where there is no stopping at this look. */
    bound: number | null;
    adjustedP: number | null;
    /** At this look or an earlier one. */
    isCrossed: boolean;
  }[];
}

/** One point of the course over time: the first arm beside the baseline, on the primary metric. */
export interface CoursePoint {
  at: string;
  units: number;
  lift: number | null;
  liftInterval: Interval | null;
  difference: number | null;
  interval: Interval | null;
}

export interface Analysis {
  project: string;
  environment: string;
  experiment: string;
  /** RFC 3339. */
  at: string;
  revision: number;
  status: 'draft' | 'running' | 'stopped';
  hypothesis?: string;
  owner?: string;
  plan: {
    alpha: number;
    power: number;
    minimumEffect: number | null;
    /** Units per arm, for the smallest arm; null where it cannot be said: no minimum effect, or no baseline yet. */
    unitsPerArm: number | null;
    end: string | null;
    sequential: { looks: number; boundary: 'pocock' | 'obrien-fleming' } | null;
    cupedDays: number | null;
    /** Since then the plan stands, whatever the file says. Null: nothing is recorded yet. */
    recordedAt: string | null;
    /** What the planned size was computed from: the baseline's value then. */
    baseline: number | null;
    /** What a look waits for; null where there is no plan. */
    scale: 'units' | 'time' | null;
  };
  progress: {
    firstExposure: string | null;
    days: number;
    units: number;
    /** The smallest arm's. */
    unitsPerArm: number;
    /** Which planned look this is, from 1; null between two. */
    look: number | null;
    isFinal: boolean;
    /** Of the planned size or time: 1 is all of it. Null where nothing is planned. */
    fraction: number | null;
    /** Until the planned size, at the traffic of the last seven days. */
    daysLeft: number | null;
  };
  split: SplitResult;
  verdict: Verdict;
  primary: MetricResult;
  secondary: MetricResult[];
  guardrails: GuardrailResult[];
  course: CoursePoint[];
  looks: LookTaken[];
  /** Where a decision stands: when the look was that made it. The metrics are those of that look; progress and split are of `at`. */
  decidedAt: string | null;
  /** Whole sentences on what a reader must know: windows that are not over, a file that says otherwise than the recorded plan. */
  notes: string[];
}
