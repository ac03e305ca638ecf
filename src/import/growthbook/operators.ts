// GrowthBook's operators that compare an attribute with one value.

import { parseVersion } from '../../engine/operands/version.ts';
import { operators } from '../../engine/operators.ts';
import type { JsonValue } from '../../lib/json.ts';
import { ticked } from '../../lib/printable.ts';
import type { Condition, OperatorName } from '../../model/definitions.gen.ts';
import { equalsAny, exists, type Logic, not, or } from '../logic.ts';
import { note, refuse } from '../notes.ts';
import { attributeOf, isScalar } from './attribute.ts';
import type { Scope } from './scope.ts';

type Translate = (name: string, operand: JsonValue, scope: Scope) => Logic;

const translations: { readonly [operator: string]: Translate | undefined } = {
  $eq: (name, operand, scope) => identical(name, operand, scope),
  $ne: (name, operand, scope) => not(identical(name, operand, scope)),
  $lt: ordered('lt', (a, b) => a < b),
  $lte: ordered('lte', (a, b) => a <= b),
  $gt: ordered('gt', (a, b) => a > b),
  $gte: ordered('gte', (a, b) => a >= b),
  $exists: (name, operand) => exists(attributeOf(name), Boolean(operand)),
  $regex: (name, operand, scope) => pattern(name, operand, false, scope),
  $regexi: (name, operand, scope) => pattern(name, operand, true, scope),
  $veq: versions('semver_eq', (order) => order === 0),
  $vne: (name, operand, scope) => not(versions('semver_eq', (order) => order === 0)(name, operand, scope)),
  $vgt: versions('semver_gt', (order) => order > 0),
  $vgte: versions('semver_gte', (order) => order >= 0),
  $vlt: versions('semver_lt', (order) => order < 0),
  $vlte: versions('semver_lte', (order) => order <= 0),
};

/** Whether the operator holds. Throws Untranslatable with the reason where no condition says so. */
export function compares(name: string, operator: string, operand: JsonValue, scope: Scope): Logic {
  const translate = Object.hasOwn(translations, operator) ? translations[operator] : undefined;
  if (!translate) refuse(scope, `\`${operator}\` has no counterpart in conditions.`);
  return translate(name, operand, scope);
}

function identical(name: string, operand: JsonValue, scope: Scope): Logic {
  if (operand === null) return exists(attributeOf(name), false);
  if (!isScalar(operand)) return false;
  noteLists(scope);
  return equalsAny(attributeOf(name), [operand]);
}

function noteLists(scope: Scope): void {
  note(
    scope,
    'changed',
    'Lists: GrowthBook’s comparisons look at the whole list, Halyard’s hold when they do for an element.',
  );
}

/** GrowthBook takes a missing attribute for 0. */
function ordered(operator: OperatorName, holds: (a: number, b: number) => boolean): Translate {
  return (name, operand, scope) => {
    const attribute = attributeOf(name);
    if (typeof operand !== 'number')
      refuse(scope, `It orders ${ticked(name)} by ${JSON.stringify(operand)}, which is not a number.`);
    if (attribute === 'targetingKey')
      refuse(scope, 'It orders `id` as a number, and a targetingKey is a text.');
    note(
      scope,
      'changed',
      `GrowthBook took texts of digits for numbers; here ${ticked(attribute)} must be a number.`,
    );
    const found: Condition = { attribute, operator, value: operand };
    return holds(0, operand) ? or(found, exists(attribute, false)) : found;
  };
}

/** GrowthBook compares versions as padded texts; a missing one, or no text, is "0". */
function versions(operator: OperatorName, holds: (order: number) => boolean): Translate {
  return (name, operand, scope) => {
    const version = typeof operand === 'string' ? parseVersion(operand) : undefined;
    if (!version || !/^v?\d{1,5}\.\d{1,5}\.\d{1,5}(?:[-+]|$)/.test(String(operand)))
      refuse(scope, `${JSON.stringify(operand)} is no whole version, and GrowthBook compares it as a text.`);
    note(
      scope,
      'changed',
      'What is no whole version: GrowthBook put it in the order of texts, here it fits nothing but negations.',
    );
    const attribute = attributeOf(name);
    const found: Condition = { attribute, operator, value: String(operand) };
    // "0" is shorter than every whole version whose first number is 0, and before all others.
    return holds(-1) ? or(found, exists(attribute, false)) : found;
  };
}

/** A missing attribute is the text "null" to GrowthBook. */
function pattern(name: string, operand: JsonValue, ignoreCase: boolean, scope: Scope): Logic {
  if (typeof operand !== 'string') refuse(scope, 'A regular expression is no text.');
  // Of four letters no expression is slow.
  const regex = compiled(operand, ignoreCase);
  if (!regex) return false;
  const parsed = operators.matches.parseValue(operand);
  if ('fault' in parsed)
    refuse(scope, `A regular expression of JavaScript that is none of RE2: ${parsed.fault.message}`);
  note(
    scope,
    'changed',
    'GrowthBook took numbers and booleans for texts; here a regular expression fits texts alone.',
  );
  const attribute = attributeOf(name);
  const found: Condition = {
    attribute,
    operator: 'matches',
    value: operand,
    ...(ignoreCase && { ignore_case: true }),
  };
  return regex.test('null') ? or(found, exists(attribute, false)) : found;
}

/** Undefined where JavaScript cannot read it: then GrowthBook takes it for one that matches nothing. */
function compiled(source: string, ignoreCase: boolean): RegExp | undefined {
  try {
    return new RegExp(source.replace(/([^\\])\//g, '$1\\/'), ignoreCase ? 'i' : undefined);
  } catch {
    return undefined;
  }
}
