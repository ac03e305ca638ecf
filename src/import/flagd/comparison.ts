// Comparisons of flagd (JsonLogic compares as JavaScript does) between an attribute and a constant.
import type { JsonValue } from '../../lib/json.ts';
import { ticked } from '../../lib/printable.ts';
import type { OperatorName, Scalar } from '../../model/definitions.gen.ts';
import { equalsAny, exists, type Logic, not, or } from '../logic.ts';
import { note, refuse } from '../notes.ts';
import type { Operand } from './operand.ts';
import type { Scope } from './scope.ts';

export type ComparisonName = '==' | '===' | '!=' | '!==' | '<' | '<=' | '>' | '>=';

const mirrored = { '<': '>', '<=': '>=', '>': '<', '>=': '<=' } as const;
const ordering = { '<': 'lt', '<=': 'lte', '>': 'gt', '>=': 'gte' } as const satisfies Record<
  string,
  OperatorName
>;

type Attribute = Operand & { kind: 'attribute' };

/** Whether the comparison holds. Throws Untranslatable where no condition says so. */
export function comparison(name: ComparisonName, left: Operand, right: Operand, scope: Scope): Logic {
  if (left.kind === 'time' || right.kind === 'time')
    refuse(scope, 'It compares the time within another condition, which a rule’s `from` and `until` cannot.');
  if (name === '!=') return not(comparison('==', left, right, scope));
  if (name === '!==') return not(comparison('===', left, right, scope));
  if (left.kind === 'constant' && right.kind === 'constant')
    return constantHolds(name, left.value, right.value, scope);
  if (left.kind === 'attribute' && right.kind === 'attribute')
    refuse(
      scope,
      `It compares the attributes ${ticked(left.name)} and ${ticked(right.name)} with each other.`,
    );
  if (left.kind === 'constant')
    return comparison(name in mirrored ? mirrored[name as '<'] : name, right, left, scope);
  const { value } = right as Operand & { kind: 'constant' };
  if (typeof value === 'object' && value !== null)
    refuse(scope, `It compares ${ticked(left.name)} with a list.`);
  const present =
    name in ordering ? ordered(name as '<', left, value, scope) : equal(name, left, value, scope);
  return withMissing(left, present, constantHolds(name, left.fallback, value, scope));
}

/** `present` never holds where the attribute is missing; then `holds` says whether the whole does. */
export function withMissing({ name }: Attribute, present: Logic, holds: boolean): Logic {
  return holds ? or(present, exists(name, false)) : present;
}

function equal(name: ComparisonName, attribute: Attribute, value: Scalar | null, scope: Scope): Logic {
  if (value === null) {
    note(
      scope,
      'changed',
      '`== null` also held for 0 and false, and ended in an error for lists and objects; here it holds for what is missing alone.',
    );
    return false;
  }
  if (name === '===') return equalsAny(attribute.name, [value]);
  note(
    scope,
    'changed',
    '`==` also held for values of another type that JavaScript takes for equal (5 and "5", true and 1), and ended in an error, with the app’s own default, for those that are no numbers; here such values are not equal.',
  );
  // A text of digits is what apps send as a number, too.
  const twin = typeof value === 'string' && String(Number(value)) === value ? [Number(value)] : [];
  return equalsAny(attribute.name, [value, ...twin]);
}

function ordered(
  name: keyof typeof ordering,
  attribute: Attribute,
  value: Scalar | null,
  scope: Scope,
): Logic {
  if (typeof value !== 'number')
    refuse(scope, `It orders ${ticked(attribute.name)} by ${JSON.stringify(value)}, which is not a number.`);
  note(
    scope,
    'changed',
    'Comparisons of order also took texts of digits and booleans for numbers, and ended in an error, with the app’s own default, for what is none; here they hold for numbers alone.',
  );
  return { attribute: attribute.name, operator: ordering[name], value };
}

/** The comparison of two constants as flagd makes it: as JavaScript, but that null equals 0 and false. */
function constantHolds(name: ComparisonName, left: JsonValue, right: JsonValue, scope: Scope): boolean {
  if (name === '===') return left === right;
  if ([left, right].some((value) => typeof value === 'object' && value !== null))
    refuse(scope, 'It compares lists with each other.');
  const [a, b] = [left, right] as [Scalar | null, Scalar | null];
  const areTexts = [a, b].every((value) => typeof value === 'string' || value === null);
  if (!areTexts && [a, b].some((value) => Number.isNaN(Number(value))))
    refuse(
      scope,
      `It compares ${JSON.stringify(a)} with ${JSON.stringify(b)}, which flagd takes for an error.`,
    );
  if (name === '==') {
    if (a === null || b === null) return (a ?? b ?? false) === false || (a ?? b) === 0;
    // biome-ignore lint/suspicious/noDoubleEquals: JsonLogic's `==` is JavaScript's
    return a == b;
  }
  const [first, second] = areTexts ? [a ?? 0, b ?? 0] : [Number(a), Number(b)];
  if (name === '<') return first < second;
  if (name === '<=') return first <= second;
  return name === '>' ? first > second : first >= second;
}
