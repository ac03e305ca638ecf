// How long an experiment runs until every arm has its units.
import { InvalidInputError } from '../computed.ts';

/**
 * Whole days until each arm has what it needs: the slowest arm's. `units` are what each arm still needs (0 or less: it has enough),
 * `unitsPerDay` the new units that it gets in a day, in the same order. Null where an arm that needs units gets none.
 * @throws InvalidInputError `length-mismatch`, `not-finite`
 */
export function daysUntil(units: readonly number[], unitsPerDay: readonly number[]): number | null {
  if (units.length !== unitsPerDay.length) {
    throw new InvalidInputError('length-mismatch', `${units.length} arms have ${unitsPerDay.length} rates.`);
  }
  for (const value of [...units, ...unitsPerDay]) {
    if (!Number.isFinite(value)) throw new InvalidInputError('not-finite', `Units are ${value}.`);
  }
  const days = units.map((need, arm) =>
    need <= 0 ? 0 : Math.ceil(need / Math.max(0, unitsPerDay[arm] ?? 0)),
  );
  const slowest = Math.max(0, ...days);
  return Number.isFinite(slowest) ? slowest : null;
}
