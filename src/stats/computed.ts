// What a computation answers: numbers, or why there are none. What cannot be computed is never 0, 1 or NaN.

/** Why nothing could be computed. */
export type Reason =
  | 'no data'
  | 'n=1'
  | 'zero variance'
  /** The covariate says the metric exactly. */
  | 'zero adjusted variance'
  /** In neither arm: there is a rate and an interval, but no test. */
  | 'no conversions'
  /** Of both arms, likewise. */
  | 'all converted'
  /** Beyond what a number can hold. */
  | 'out of range'
  | 'zero baseline'
  | 'zero denominator'
  | 'fewer than two arms'
  | 'not attainable';

/** What a reader must know beside the numbers. */
export type Caution =
  | 'low counts'
  | 'no conversions'
  | 'all converted'
  | 'zero baseline'
  | 'negative baseline'
  | 'unbounded lift'
  | 'variance clamped to zero'
  /** The covariate is the same for all: nothing was adjusted. */
  | 'constant covariate'
  /** Of some arm: nothing was adjusted. */
  | 'covariate missing'
  | 'traffic in an arm of weight 0'
  | 'no new information'
  | 'overrun'
  | 'unstable denominator';

/** Closed, unless an end is null: then it is unbounded on that side. */
export interface Interval {
  lower: number | null;
  upper: number | null;
}

/** Thrown for what no data can be: a fractional count, a negative variance, an alpha outside of (0, 1). */
export class InvalidInputError extends Error {
  override readonly name = 'InvalidInputError';
  /** A stable word for the fault: `negative-count` say. */
  readonly fault: string;

  constructor(fault: string, message: string) {
    super(message);
    this.fault = fault;
  }
}
