// Looks that come when they come: alpha is spent as information arrives (Lan & DeMets 1983).
import type { Caution } from '../computed.ts';
import type { Boundary } from './plan.ts';

export interface SpendingLook {
  /** |Z| at or above this is a crossing; null: no stopping at this look. */
  bound: number | null;
  /** The level to hand to a comparison at this look; 0 where there is no stopping. */
  nominalAlpha: number;
  /** Spent at this look, and at all up to it. */
  alphaSpent: number;
  cumulativeAlpha: number;
  cautions: Caution[];
}

/**
 * One entry a look. `fractions` are the information at each look over that of the plan's end.
 * `isFinal` says that the last one is the plan's end whatever its fraction: all that is left is spent.
 * @throws InvalidInputError `information-decreased`
 */
export function spendingBounds(
  _fractions: readonly number[],
  _alpha: number,
  _boundary: Boundary,
  _isFinal = false,
): SpendingLook[] {
  throw new Error('to come');
}

/** The smallest alpha at which one of the looks so far is a crossing; `ps` are the two-sided p-values of each look, null where there is none. */
export function spendingAdjustedP(
  _fractions: readonly number[],
  _ps: readonly (number | null)[],
  _boundary: Boundary,
  _isFinal = false,
): number {
  throw new Error('to come');
}
