// How many units a binary metric needs, and what it can show with those that there are.
import type { Caution, Reason } from '../computed.ts';

export interface MinimumEffect {
  /** Above and below the baseline, absolute and both positive; null where none can be shown. */
  up: number | null;
  down: number | null;
  /** The same over the baseline's absolute value. */
  upRelative: number | null;
  downRelative: number | null;
  reason?: Reason;
  cautions: Caution[];
}

export interface ProportionsDesign {
  control: number;
  treatment: number;
  nControl: number;
  nTreatment: number;
  /** Two-sided. */
  alpha: number;
}

export function powerOfProportions(_design: ProportionsDesign): number {
  throw new Error('to come');
}

/** Units of the control arm, not rounded; the treatment arm needs `ratio` times as many (default 1). Null where the rates are equal. */
export function sampleSizeOfProportions(_need: {
  control: number;
  treatment: number;
  alpha: number;
  power: number;
  ratio?: number;
}): number | null {
  throw new Error('to come');
}

export function minimumEffectOfProportions(_design: {
  control: number;
  nControl: number;
  nTreatment: number;
  alpha: number;
  power: number;
}): MinimumEffect {
  throw new Error('to come');
}
