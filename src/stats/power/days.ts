// How long an experiment runs until every arm has its units.

/** Whole days until each arm has what it needs, null where an arm gets no units. `units` and `unitsPerDay` are per arm, in one order. */
export function daysUntil(_units: readonly number[], _unitsPerDay: readonly number[]): number | null {
  throw new Error('to come');
}
