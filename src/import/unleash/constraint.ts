// Constraints of Unleash as conditions. Unleash turns every value of a context into a text before it compares it.

import { parseVersion } from '../../engine/operands/version.ts';
import { operators } from '../../engine/operators.ts';
import { ticked } from '../../lib/printable.ts';
import type { OperatorName, Scalar } from '../../model/definitions.gen.ts';
import { equalsAny, type Logic, not } from '../logic.ts';
import { note, refuse } from '../notes.ts';
import { type JsonObject, member, textMember, textsIn } from '../read.ts';
import type { Guard } from '../steps.ts';
import { attributeOf, type Scope } from './scope.ts';

interface Constraint {
  attribute: string;
  values: string[];
  /** Absent where there is none, which is no empty text. */
  value?: string;
  ignoreCase: boolean;
}

type Translate = (constraint: Constraint, scope: Scope) => Logic;

const translations: { readonly [operator: string]: Translate | undefined } = {
  IN: ({ attribute, values }) => equalsAnyText(attribute, values),
  NOT_IN: ({ attribute, values }) => not(equalsAnyText(attribute, values)),
  STR_STARTS_WITH: text('starts_with'),
  STR_ENDS_WITH: text('ends_with'),
  STR_CONTAINS: text('contains'),
  NUM_EQ: number('eq'),
  NUM_GT: number('gt'),
  NUM_GTE: number('gte'),
  NUM_LT: number('lt'),
  NUM_LTE: number('lte'),
  SEMVER_EQ: version('semver_eq'),
  SEMVER_GT: version('semver_gt'),
  SEMVER_GTE: version('semver_gte'),
  SEMVER_LT: version('semver_lt'),
  SEMVER_LTE: version('semver_lte'),
  REGEX: pattern,
  IN_CIDR: blocks,
};

/** Whether the constraint holds, and when. Throws Untranslatable with the reason where that cannot be said. */
export function guardOf(constraint: JsonObject, scope: Scope): Guard {
  const [field, operator] = [textMember(constraint, 'contextName'), textMember(constraint, 'operator')];
  if (field === undefined || operator === undefined)
    refuse(scope, 'A constraint has no field or no operator.');
  const isInverted = Boolean(constraint.inverted);
  const value = member(constraint, 'value');
  if (operator === 'DATE_AFTER' || operator === 'DATE_BEFORE')
    return windowOf(operator, String(value ?? ''), isInverted, scope);
  const translate = Object.hasOwn(translations, operator) ? translations[operator] : undefined;
  if (!translate) refuse(scope, `The operator ${ticked(operator)} is not known.`);
  const read = {
    attribute: attributeOf(field),
    values: textsIn(member(constraint, 'values'))
      .filter(Boolean)
      .map((each) => each.trim()),
    ...(value !== undefined && { value: String(value) }),
    ignoreCase: Boolean(constraint.caseInsensitive),
  };
  const when = translate(read, scope);
  return { when: isInverted ? not(when) : when };
}

/** Texts, and the numbers and booleans that Unleash turns into them. A targetingKey is always a text. */
export function equalsAnyText(attribute: string, texts: readonly string[]): Logic {
  const isText = attribute === 'targetingKey';
  return equalsAny(attribute, [...texts, ...(isText ? [] : texts.flatMap(twinOf))]);
}

function twinOf(text: string): Scalar[] {
  if (text === 'true' || text === 'false') return [text === 'true'];
  return text !== '' && String(Number(text)) === text && Number.isFinite(Number(text)) ? [Number(text)] : [];
}

function text(operator: OperatorName): Translate {
  return ({ attribute, values, ignoreCase }, scope) => {
    const [first, ...others] = values;
    if (first === undefined) return false;
    noteTexts(scope);
    const value = others.length > 0 ? [first, ...others] : first;
    return { attribute, operator, value, ...(ignoreCase && { ignore_case: true }) };
  };
}

function noteTexts(scope: Scope): void {
  note(
    scope,
    'changed',
    'Unleash took numbers and booleans for texts; here the text operators fit texts alone.',
  );
}

function number(operator: OperatorName): Translate {
  return ({ attribute, value: text }, scope) => {
    // An empty text is 0 to Unleash, as it is to JavaScript.
    const value = Number(text);
    if (Number.isNaN(value)) return false;
    if (!Number.isFinite(value)) refuse(scope, `It compares a number with ${ticked(text ?? '')}.`);
    if (operator === 'eq') {
      note(
        scope,
        'changed',
        `Unleash took every way to write ${value} for it; here it is ${value} or "${value}".`,
      );
      return equalsAny(attribute, [value, String(value)]);
    }
    if (attribute === 'targetingKey')
      refuse(scope, 'It orders `userId` as a number, and a targetingKey is a text.');
    note(
      scope,
      'changed',
      `Unleash took texts of digits for numbers; here ${ticked(attribute)} must be a number.`,
    );
    return { attribute, operator, value };
  };
}

function version(operator: OperatorName): Translate {
  return ({ attribute, value = '' }, scope) => {
    if (!/^\s*v?\d+\.\d+\.\d+/.test(value) || !parseVersion(value.trim())) return false;
    note(
      scope,
      'changed',
      'Unleash wanted whole versions without a `v`, of numbers up to 2^53, and let spaces around them be; here `v4.2.0` and `4.2` are versions too, and spaces are none of one.',
    );
    return { attribute, operator, value: value.trim() };
  };
}

function pattern({ attribute, value = '', ignoreCase }: Constraint, scope: Scope): Logic {
  const parsed = operators.matches.parseValue(value);
  // Unleash takes an expression that it cannot read for one that nothing matches.
  if ('fault' in parsed && parsed.fault.code === 'invalid-regex') return false;
  if ('fault' in parsed) refuse(scope, parsed.fault.message);
  noteTexts(scope);
  return { attribute, operator: 'matches', value, ...(ignoreCase && { ignore_case: true }) };
}

function blocks({ attribute, values }: Constraint, scope: Scope): Logic {
  const [first, ...others] = values.filter(isBlock);
  if (first === undefined) return false;
  note(
    scope,
    'changed',
    'Unleash kept IPv4 apart from IPv6; here `::ffff:10.0.0.1` is `10.0.0.1`. And it took a block for an address.',
  );
  return { attribute, operator: 'in_cidr', value: others.length > 0 ? [first, ...others] : first };
}

export function isBlock(text: string): boolean {
  return !('fault' in operators.in_cidr.parseValue(text));
}

/** Unleash compares the time whatever the field is. After is strictly after, and a rule's `from` is not. */
function windowOf(
  operator: 'DATE_AFTER' | 'DATE_BEFORE',
  text: string,
  isInverted: boolean,
  scope: Scope,
): Guard {
  const timeMs = Date.parse(text);
  if (Number.isNaN(timeMs)) return { when: isInverted };
  if (!/^\d{4}-\d\d-\d\d$|(?:Z|[+-]\d\d:?\d\d)$/i.test(text))
    refuse(scope, `The time ${ticked(text)} has no zone, so it is another one on each machine.`);
  const isAfter = (operator === 'DATE_AFTER') !== isInverted;
  const boundary = operator === 'DATE_AFTER' ? timeMs + 1 : timeMs;
  return { when: true, ...(isAfter ? { fromMs: boundary } : { untilMs: boundary }) };
}
