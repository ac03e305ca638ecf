// Whether any subject at all can be as a list of literals says.
import { Budget } from './budget.ts';
import { constraintOf } from './constraint.ts';
import { isElementPossible } from './element.ts';
import type { Attributes, Declared, Literal } from './literal.ts';
import { type Asked, those } from './trial.ts';

/** Steps for one list of literals: some ten comparisons with lists of hundreds of values. */
const STEPS = 20_000;

/**
 * False only where it is certain that no context fulfils all of the literals, if it says of the declared attributes what
 * they are declared to be: what cannot be reasoned about is possible. Without a declaration an attribute may be anything.
 * The tests come from checked definitions: throws where one cannot be compiled.
 */
export function isSatisfiable(literals: readonly Literal[], attributes: Attributes): boolean {
  const budget = new Budget(STEPS);
  const byAttribute = Map.groupBy(literals, attributeOf);
  for (const [name, about] of byAttribute) {
    if (!isAttributePossible(about, attributes?.get(name), budget)) return false;
  }
  return true;
}

export function attributeOf(literal: Literal): string {
  return literal.kind === 'units' ? literal.unit : literal.test.attribute;
}

/**
 * The same for literals of one attribute. Attributes are independent, those of dotted names too: a context may hold
 * each under its whole name.
 */
export function isAttributePossible(
  literals: readonly Literal[],
  declaration: Declared | undefined,
  budget: Budget,
): boolean {
  if (literals.every(holdsWhereMissing)) return true;
  const asked: Asked[] = [];
  for (const literal of literals) {
    const constraint = constraintOf(literal);
    const wanted = literal.holds !== constraint.isNegated;
    if (constraint.theory !== 'presence') asked.push({ constraint, wanted });
    else if ((constraint.values[0] !== false) !== wanted) return false;
  }
  const isUnitWanted = asked.some(({ constraint, wanted }) => wanted && constraint.isOfUnit);
  if (isUnitWanted || (declaration && !declaration.list))
    return isElementPossible(asked, declaration, budget);
  // A list may have an element for each that is wanted, and all of them are nothing that is not.
  const unwanted = those(asked, false).filter(({ constraint }) => !constraint.isOfUnit);
  return those(asked, true).every((each) => isElementPossible([each, ...unwanted], declaration, budget));
}

/** A missing attribute fits no operator, a negated one neither, and is no unit. */
export function holdsWhereMissing(literal: Literal): boolean {
  const asksForAbsence =
    literal.kind === 'attribute' && literal.test.operator === 'exists' && literal.test.value === false;
  return literal.holds === asksForAbsence;
}
