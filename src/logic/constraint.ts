// A literal as reasoning needs it: what it asks of one value of the attribute, tested by the engine's own operators.
import { type ElementTest, operators, valuesOf } from '../engine/operators.ts';
import type { AttributeCondition, OperatorName, Scalar } from '../model/definitions.gen.ts';
import type { Literal } from './literal.ts';

/** Operators that are reasoned about together. */
export type Theory =
  | 'presence'
  | 'equality'
  | 'order'
  | 'prefix'
  | 'suffix'
  | 'part'
  | 'pattern'
  | 'version'
  | 'instant'
  | 'block';

export interface Constraint {
  readonly theory: Theory;
  /** The operator without its negation. */
  readonly operator: OperatorName;
  readonly isNegated: boolean;
  /** Any of them. */
  readonly values: readonly Scalar[];
  readonly ignoresCase: boolean;
  /** It looks at the unit's text, and a list is no unit. */
  readonly isOfUnit: boolean;
  /** The steps that one test counts. */
  readonly cost: number;
  readonly fits: ElementTest;
}

const theories: Readonly<Record<OperatorName, Theory>> = {
  eq: 'equality',
  neq: 'equality',
  in: 'equality',
  not_in: 'equality',
  gt: 'order',
  gte: 'order',
  lt: 'order',
  lte: 'order',
  contains: 'part',
  not_contains: 'part',
  starts_with: 'prefix',
  not_starts_with: 'prefix',
  ends_with: 'suffix',
  not_ends_with: 'suffix',
  matches: 'pattern',
  not_matches: 'pattern',
  exists: 'presence',
  semver_eq: 'version',
  semver_neq: 'version',
  semver_gt: 'version',
  semver_gte: 'version',
  semver_lt: 'version',
  semver_lte: 'version',
  before: 'instant',
  after: 'instant',
  in_cidr: 'block',
  not_in_cidr: 'block',
};

/** A match runs through hundreds of states for each character. */
const COST_OF_PATTERN = 200;

const ofTests = new WeakMap<AttributeCondition, Constraint>();
const ofUnits = new WeakMap<readonly string[], Constraint>();

/** The same object for the same test. Throws, at the first use of `fits`, where the test's value is faulty. */
export function constraintOf(literal: Literal): Constraint {
  if (literal.kind === 'units') return memoised(ofUnits, literal.among, unitConstraint);
  return memoised(ofTests, literal.test, testConstraint);
}

/** The constraint with letters' case not counting: whoever fulfils the one fulfils the other. */
export function ignoringCase(constraint: Constraint): Constraint {
  const { operator, values } = constraint;
  return constraint.ignoresCase
    ? constraint
    : { ...constraint, ignoresCase: true, fits: lazily(() => operators[operator].compile(values, true)) };
}

function testConstraint(test: AttributeCondition): Constraint {
  const { operator: name, ignore_case = false } = test;
  const operator = operators[name].negates ?? name;
  const theory = theories[name];
  const values = valuesOf(test);
  return {
    theory,
    operator,
    isNegated: operator !== name,
    values,
    ignoresCase: ignore_case,
    isOfUnit: false,
    cost: theory === 'equality' ? 1 : values.length * (theory === 'pattern' ? COST_OF_PATTERN : 1),
    fits: lazily(() => operators[operator].compile(values, ignore_case)),
  };
}

/** Whether a unit is among some is whether the attribute equals one of the values that have these texts. */
function unitConstraint(among: readonly string[]): Constraint {
  const values = among.flatMap((text): Scalar[] => {
    const number = Number(text);
    const isNumber = Number.isSafeInteger(number) && String(number) === text;
    if (isNumber) return [text, number];
    return text === 'true' || text === 'false' ? [text, text === 'true'] : [text];
  });
  return {
    theory: 'equality',
    operator: 'in',
    isNegated: false,
    values,
    ignoresCase: false,
    isOfUnit: true,
    cost: 1,
    fits: lazily(() => operators.in.compile(values, false)),
  };
}

/** Most tests are settled without being tried, and some are costly to compile. */
function lazily(compile: () => ElementTest): ElementTest {
  let compiled: ElementTest | undefined;
  return (element) => {
    compiled ??= compile();
    return compiled(element);
  };
}

function memoised<Key extends object>(
  memo: WeakMap<Key, Constraint>,
  key: Key,
  make: (key: Key) => Constraint,
): Constraint {
  const known = memo.get(key);
  if (known) return known;
  const made = make(key);
  memo.set(key, made);
  return made;
}
