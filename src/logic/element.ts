// Whether one value of an attribute can be all that is asked of it.
import type { AttributeType } from '../engine/operators.ts';
import type { Scalar } from '../model/definitions.gen.ts';
import type { Budget } from './budget.ts';
import type { Constraint, Theory } from './constraint.ts';
import type { Declared } from './literal.ts';
import { isTextPossible } from './texts.ts';
import { type Asked, someFulfils, those } from './trial.ts';
import { isOfType } from './value-types.ts';
import { addressesAround } from './witnesses/addresses.ts';
import { instantsAround } from './witnesses/instants.ts';
import { numbersAround } from './witnesses/numbers.ts';
import { versionsAround } from './witnesses/versions.ts';

type Kind = 'boolean' | 'number' | 'string';

/** What fits values of a kind, in groups that are reasoned about apart: if one cannot be, neither can all. */
const groups: Readonly<Record<Exclude<Kind, 'boolean'>, readonly (readonly Theory[])[]>> = {
  number: [['equality', 'order'], ['instant']],
  string: [['equality', 'prefix', 'suffix', 'part'], ['pattern'], ['version'], ['instant'], ['block']],
};

/** False only where no value of the declared type, and among the declared ones, is as asked. */
export function isElementPossible(
  asked: readonly Asked[],
  declaration: Declared | undefined,
  budget: Budget,
): boolean {
  if (asked.length === 0) return true;
  if (declaration?.values) return someFulfils(declaration.values, asked, budget);
  const type = declaration?.type;
  const few = fewest(asked);
  if (few) return someFulfils(type ? few.values.filter(isOfType[type]) : few.values, asked, budget);
  // An object fits nothing, so it is all that is only not to be something.
  if (!type && those(asked, true).length === 0) return true;
  return kindsOf(type).some((kind) =>
    kind === 'boolean'
      ? someFulfils([true, false], asked, budget)
      : isKindPossible(kind, asked, type, budget),
  );
}

/** The shortest list of values of which it must be one. */
function fewest(asked: readonly Asked[]): Constraint | undefined {
  let few: Constraint | undefined;
  for (const { constraint, wanted } of asked) {
    if (!wanted || constraint.theory !== 'equality') continue;
    if (constraint.ignoresCase && constraint.values.some((value) => typeof value === 'string')) continue;
    if (!few || constraint.values.length < few.values.length) few = constraint;
  }
  return few;
}

function kindsOf(type: AttributeType | undefined): readonly Kind[] {
  switch (type) {
    case undefined:
      return ['boolean', 'number', 'string'];
    case 'boolean':
    case 'number':
      return [type];
    case 'date':
      return ['number', 'string'];
    case 'string':
    case 'semver':
      return ['string'];
  }
}

function isKindPossible(
  kind: 'number' | 'string',
  asked: readonly Asked[],
  type: AttributeType | undefined,
  budget: Budget,
): boolean {
  const fitting = groups[kind].flat();
  // What fits no value of the kind is never so, and its opposite always.
  if (asked.some(({ constraint, wanted }) => wanted && !fitting.includes(constraint.theory))) return false;
  return groups[kind].every((theories) => {
    const together = asked.filter(({ constraint }) => theories.includes(constraint.theory));
    return together.length === 0 || isGroupPossible(kind, together, type, budget);
  });
}

function isGroupPossible(
  kind: 'number' | 'string',
  asked: readonly Asked[],
  type: AttributeType | undefined,
  budget: Budget,
): boolean {
  const constants = asked.flatMap(({ constraint }) => constraint.values);
  const texts = () => constants.filter((value) => typeof value === 'string');
  const tryAll = (values: readonly Scalar[] | undefined, ...others: readonly Scalar[]) =>
    !values || !budget.spend(values.length) || someFulfils([...values, ...others], asked, budget);
  switch (asked[0]?.constraint.theory) {
    case 'pattern':
      return isPatternPossible(asked, budget);
    case 'version':
      return type === 'semver' ? tryAll(versionsAround(texts())) : tryAll(versionsAround(texts()), NEITHER);
    case 'instant':
      return type === 'date' ? tryAll(instantsAround(constants)) : tryAll(instantsAround(constants), NEITHER);
    case 'block':
      return tryAll(addressesAround(constants), NEITHER);
    default:
      return kind === 'string'
        ? isTextPossible(asked, budget)
        : tryAll(numbersAround(constants.filter((value) => typeof value === 'number')));
  }
}

/** A text that is no version, no instant and no address. */
const NEITHER = '';

/** What expressions match is not looked into, but one that is wanted must not be unwanted too. */
function isPatternPossible(asked: readonly Asked[], budget: Budget): boolean {
  const unwanted = those(asked, false).map(({ constraint }) => constraint);
  const isUnwanted = (pattern: Scalar, ignoresCase: boolean) =>
    unwanted.some(
      (other) =>
        budget.spend(other.values.length) &&
        other.ignoresCase === ignoresCase &&
        other.values.includes(pattern),
    );
  return those(asked, true).every(({ constraint: { values, ignoresCase } }) =>
    values.some((pattern) => !isUnwanted(pattern, ignoresCase)),
  );
}
