// Queries of GO Feature Flag as conditions.
import { parseVersion } from '../../engine/operands/version.ts';
import { ticked } from '../../lib/printable.ts';
import type { Condition, OperatorName } from '../../model/definitions.gen.ts';
import { and, equalsAny, exists, type Logic, not, or } from '../logic.ts';
import { type Noted, note, refuse } from '../notes.ts';
import { type Operator, parseQuery, type Query, type QueryValue } from './query-parser.ts';

/** Whether the query holds. Throws Untranslatable with the reason where no condition says so. */
export function conditionOf(text: string, place: Noted): Logic {
  if (text.trim() === '') return true;
  if (text.trim().startsWith('{'))
    refuse(place, 'Its query is JsonLogic, which GO Feature Flag evaluates in its own way.');
  return translate(parseQuery(text, place), place);
}

function translate(query: Query, place: Noted): Logic {
  if (query.kind === 'not') return not(translate(query.query, place));
  if (query.kind === 'and' || query.kind === 'or') {
    const parts = [translate(query.left, place), translate(query.right, place)];
    return query.kind === 'and' ? and(...parts) : or(...parts);
  }
  const attribute = attributeOf(query.attribute);
  if (attribute.includes('.'))
    note(
      place,
      'changed',
      `Where ${ticked(attribute.split('.')[0] ?? '')} is missing, GO Feature Flag compares the value that its query compared before; here ${ticked(attribute)} is missing.`,
    );
  if (attribute === 'anonymous') return anonymous(query, place);
  if (query.kind === 'present') return exists(attribute);
  return compare(attribute, query.operator, query.value, place);
}

/** `key` is what GO Feature Flag called the targetingKey before OpenFeature. */
export function attributeOf(name: string): string {
  return name === 'key' ? 'targetingKey' : name;
}

/** GO Feature Flag sets `anonymous` to false where it is missing. */
function anonymous(query: Query & { kind: 'present' | 'compare' }, place: Noted): Logic {
  if (query.kind === 'present') return true;
  const isAnonymous: Condition = { attribute: 'anonymous', operator: 'eq', value: true };
  if (query.value.type !== 'boolean' || !['eq', 'ne'].includes(query.operator))
    refuse(place, 'It compares `anonymous` with something other than true or false.');
  return (query.operator === 'eq') === query.value.value ? isAnonymous : not(isAnonymous);
}

function compare(attribute: string, operator: Operator, value: QueryValue, place: Noted): Logic {
  if (value.type === 'null') return nullTest(attribute, operator, place);
  if (value.type === 'list') return inList(attribute, operator, value, place);
  if (value.type === 'text') return textTest(attribute, operator, value.value, place);
  if (value.type === 'version') return versionTest(attribute, operator, value.value, place);
  noteTypes(place);
  if (value.type === 'whole')
    note(
      place,
      'changed',
      'GO Feature Flag cuts the fraction off a number before it compares it with a whole one (5.5 eq 5 holds), and takes none beyond 2^63; here numbers compare as they are.',
    );
  if (operator === 'eq') return equalsAny(attribute, [value.value]);
  if (operator === 'ne') return { attribute, operator: 'neq', value: value.value };
  const ordering = orderings[operator];
  if (!ordering || value.type === 'boolean') return unfit(operator, place);
  return { attribute, operator: ordering, value: value.value };
}

const orderings: { readonly [operator: string]: OperatorName | undefined } = {
  gt: 'gt',
  lt: 'lt',
  ge: 'gte',
  le: 'lte',
};

function noteTypes(place: Noted): void {
  note(
    place,
    'changed',
    'A value of another type, or a list: in GO Feature Flag `ne` does not hold for it either; here `neq` holds, and a list does when no element is equal.',
  );
}

function unfit(operator: Operator, place: Noted): never {
  return refuse(place, `Its query uses \`${operator}\` with a value that it does not fit.`);
}

function nullTest(attribute: string, operator: Operator, place: Noted): Logic {
  if (operator !== 'eq' && operator !== 'ne') return unfit(operator, place);
  return exists(attribute, operator === 'ne');
}

/** Texts compare without regard to case, but for `in`. */
function textTest(attribute: string, operator: Operator, value: string, place: Noted): Logic {
  const names: { readonly [operator: string]: OperatorName | undefined } = {
    ...{ eq: 'eq', ne: 'neq', co: 'contains', sw: 'starts_with', ew: 'ends_with' },
  };
  const name = names[operator];
  if (!name) refuse(place, `Its query orders texts with \`${operator}\`.`);
  noteTypes(place);
  return { attribute, operator: name, value, ignore_case: true };
}

function inList(
  attribute: string,
  operator: Operator,
  list: QueryValue & { type: 'list' },
  place: Noted,
): Logic {
  if (operator !== 'in') return unfit(operator, place);
  if (list.of === 'decimal')
    refuse(place, 'It looks for a number in a list of fractions, which GO Feature Flag cannot.');
  return equalsAny(attribute, list.values);
}

/** What is no version fits nothing, `ne` neither. */
function versionTest(attribute: string, operator: Operator, version: string, place: Noted): Logic {
  if (!parseVersion(version)) refuse(place, `${ticked(version)} is no version.`);
  note(
    place,
    'changed',
    'GO Feature Flag wanted whole versions without a `v`; here `v4.2.0` and `4.2` are versions too.',
  );
  const test = (name: OperatorName): Condition => ({ attribute, operator: name, value: version });
  if (operator === 'eq') return test('semver_eq');
  if (operator === 'ne') return or(test('semver_lt'), test('semver_gt'));
  const ordering = orderings[operator];
  return ordering ? test(`semver_${ordering}` as OperatorName) : unfit(operator, place);
}
