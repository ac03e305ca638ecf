// Values put to the test, one by one.
import type { Scalar } from '../model/definitions.gen.ts';
import type { Budget } from './budget.ts';
import type { Constraint } from './constraint.ts';

/** What is asked of one value: that the constraint fits, or that it does not. */
export interface Asked {
  constraint: Constraint;
  wanted: boolean;
}

/** Whether one of the values is all that is asked; true as well where the budget is used up before that is known. */
export function someFulfils(values: Iterable<Scalar>, asked: readonly Asked[], budget: Budget): boolean {
  for (const value of values) if (fulfils(value, asked, budget)) return true;
  return false;
}

function fulfils(value: Scalar, asked: readonly Asked[], budget: Budget): boolean {
  const length = typeof value === 'string' ? value.length : 0;
  for (const { constraint, wanted } of asked) {
    if (!budget.spend(1 + constraint.cost * (1 + (length >> 6)))) return true;
    if (constraint.fits(value) !== wanted) return false;
  }
  return true;
}

/** What is wanted of it, or what is not. */
export function those(asked: readonly Asked[], wanted: boolean): Asked[] {
  return asked.filter((each) => each.wanted === wanted);
}
