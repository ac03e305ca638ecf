// Equally spaced planned looks: their bounds, the p-value that belongs to the plan, and what the plan costs.

export type Boundary = 'pocock' | 'obrien-fleming';

/** |Z| at or above this at any of the looks is a crossing. */
export function pocockBound(_looks: number, _alpha: number): number {
  throw new Error('to come');
}

/** The constant C: |Z| at or above C * sqrt(looks / k) at look k is a crossing. */
export function obrienFlemingBound(_looks: number, _alpha: number): number {
  throw new Error('to come');
}

/** The bound on |Z| at each look, from 1. */
export function plannedBounds(_looks: number, _alpha: number, _boundary: Boundary): number[] {
  throw new Error('to come');
}

/** The level to hand to a comparison at this look (1 … looks): `p <= lookAlpha` is a crossing, and its interval is the repeated one. @throws InvalidInputError `alpha-exhausted` beyond the plan */
export function lookAlpha(_look: number, _looks: number, _alpha: number, _boundary: Boundary): number {
  throw new Error('to come');
}

/** The largest of |Z_k| (times sqrt(k / looks) for O'Brien and Fleming) that the two-sided p-values of the looks so far stand for; null ones count as 0. */
export function strongestOf(_ps: readonly (number | null)[], _looks: number, _boundary: Boundary): number {
  throw new Error('to come');
}

/** P(at any of the looks the statistic is at least `strongest`): <= alpha exactly where a bound of the plan was crossed. */
export function adjustedP(_looks: number, _strongest: number, _boundary: Boundary): number {
  throw new Error('to come');
}

/** How many times the fixed sample the plan needs at its end for the same power (`sample`), and what it does to the effect at the same sample (`effect`). */
export function inflation(
  _looks: number,
  _alpha: number,
  _power: number,
  _boundary: Boundary,
): { sample: number; effect: number } {
  throw new Error('to come');
}
