// Conditions of Featurevisor, and its groups of segments, as conditions.

import { parseVersion } from '../../engine/operands/version.ts';
import { operators } from '../../engine/operators.ts';
import type { JsonValue } from '../../lib/json.ts';
import { ticked } from '../../lib/printable.ts';
import type { Condition, OperatorName } from '../../model/definitions.gen.ts';
import { and, equalsAny, exists, type Logic, not, or } from '../logic.ts';
import { type Noted, note, refuse } from '../notes.ts';
import { isObject, type JsonObject, member } from '../read.ts';

/** OpenFeature's name for what Featurevisor's provider calls `userId`; all others stay. */
export function attributeOf(name: string): string {
  return name === 'userId' ? 'targetingKey' : name;
}

/** Whether the conditions hold. Throws Untranslatable with the reason where no condition says so. */
export function conditionOf(conditions: JsonValue, place: Noted): Logic {
  if (conditions === '*') return true;
  if (Array.isArray(conditions)) return and(...conditions.map((each) => conditionOf(each, place)));
  if (!isObject(conditions)) refuse(place, 'Its conditions are no conditions.');
  if (Object.hasOwn(conditions, 'attribute')) return test(conditions, place);
  const listed = (name: string) => {
    const list = conditions[name];
    return Array.isArray(list) ? list.map((each) => conditionOf(each, place)) : undefined;
  };
  const [all, any, none] = [listed('and'), listed('or'), listed('not')];
  if (all) return and(...all);
  if (any) return or(...any);
  // Not all of them; and nothing at all is fine.
  return none !== undefined && (none.length === 0 || not(and(...none)));
}

/** Which segments one must be in. `segments` holds what each segment is. */
export function segmentsOf(group: JsonValue, segments: ReadonlyMap<string, Logic>, place: Noted): Logic {
  if (group === '*') return true;
  if (typeof group === 'string') {
    const logic = segments.get(group);
    return logic ?? refuse(place, `It uses the segment ${ticked(group)}, which is left out or not there.`);
  }
  const each = (list: JsonValue[]) => list.map((item) => segmentsOf(item, segments, place));
  if (Array.isArray(group)) return and(...each(group));
  if (!isObject(group)) refuse(place, 'It names no segments.');
  if (Array.isArray(group.and)) return and(...each(group.and));
  if (Array.isArray(group.or)) return or(...each(group.or));
  return Array.isArray(group.not) && not(or(...each(group.not)));
}

const texts: { readonly [operator: string]: OperatorName | undefined } = {
  contains: 'contains',
  notContains: 'not_contains',
  startsWith: 'starts_with',
  endsWith: 'ends_with',
};

const numbers: { readonly [operator: string]: OperatorName | undefined } = {
  greaterThan: 'gt',
  greaterThanOrEquals: 'gte',
  lessThan: 'lt',
  lessThanOrEquals: 'lte',
};

const versions: { readonly [operator: string]: OperatorName | undefined } = {
  semverEquals: 'semver_eq',
  semverGreaterThan: 'semver_gt',
  semverGreaterThanOrEquals: 'semver_gte',
  semverLessThan: 'semver_lt',
  semverLessThanOrEquals: 'semver_lte',
};

function test(condition: JsonObject, place: Noted): Logic {
  if (typeof condition.attribute !== 'string') refuse(place, 'A condition has no attribute.');
  const [attribute, operator] = [attributeOf(String(condition.attribute)), String(condition.operator)];
  const value = member(condition, 'value') ?? null;
  const text = Object.hasOwn(texts, operator) ? texts[operator] : undefined;
  const number = Object.hasOwn(numbers, operator) ? numbers[operator] : undefined;
  if (text) return typeof value === 'string' && compared(attribute, text, value, place);
  if (number) return typeof value === 'number' && { attribute, operator: number, value };
  if (operator.startsWith('semver')) return versionTest(attribute, operator, value, place);
  switch (operator) {
    case 'equals':
      return identical(attribute, value, place);
    case 'notEquals':
      return not(identical(attribute, value, place));
    case 'exists':
    case 'notExists':
      if (value !== null)
        refuse(place, `${ticked(operator)} has a value, which makes it false for some types.`);
      return exists(attribute, operator === 'exists');
    case 'in':
    case 'notIn':
      return inList(attribute, operator === 'in', value, place);
    case 'includes':
    case 'notIncludes':
      return included(attribute, operator === 'includes', value, place);
    case 'before':
    case 'after':
      return instantTest(attribute, operator, value, place);
    case 'matches':
    case 'notMatches':
      return pattern(attribute, operator === 'matches', condition, place);
    default:
      return refuse(place, `The operator ${ticked(operator)} is not known.`);
  }
}

function compared(attribute: string, operator: OperatorName, value: string, place: Noted): Condition {
  noteTypes(place);
  return { attribute, operator, value };
}

function noteTypes(place: Noted): void {
  note(
    place,
    'changed',
    'A value of another type, or a list: Featurevisor’s operators do not hold for it, negated ones neither; here negated ones do, and a list does when an element does.',
  );
}

function identical(attribute: string, value: JsonValue, place: Noted): Logic {
  if (value === null)
    refuse(place, `It compares ${ticked(attribute)} with null, which is a missing attribute here.`);
  if (typeof value === 'object') return false;
  noteTypes(place);
  return equalsAny(attribute, [value]);
}

function inList(attribute: string, wanted: boolean, value: JsonValue, place: Noted): Logic {
  if (!Array.isArray(value)) return false;
  const scalars = value.filter((each) => typeof each === 'string' || typeof each === 'number');
  noteTypes(place);
  if (wanted) return equalsAny(attribute, scalars);
  const [first, ...others] = scalars;
  return first === undefined
    ? exists(attribute)
    : { attribute, operator: 'not_in', value: [first, ...others] };
}

function included(attribute: string, wanted: boolean, value: JsonValue, place: Noted): Logic {
  if (typeof value !== 'string') return false;
  place.lists?.add(attribute);
  note(place, 'changed', `Featurevisor asks for a list in ${ticked(attribute)}; here one value is enough.`);
  return { attribute, operator: wanted ? 'eq' : 'neq', value };
}

/** Featurevisor reads dates as JavaScript does. */
function instantTest(attribute: string, operator: 'before' | 'after', value: JsonValue, place: Noted): Logic {
  if (typeof value !== 'string' && typeof value !== 'number')
    refuse(place, `${ticked(operator)} has no time.`);
  const timeMs = new Date(value).getTime();
  if (Number.isNaN(timeMs)) return false;
  if (typeof value === 'string' && !/^\d{4}-\d\d-\d\d$|(?:Z|[+-]\d\d:?\d\d)$/i.test(value))
    refuse(place, `The time ${ticked(value)} has no zone, so it is another one on each machine.`);
  note(
    place,
    'changed',
    `${ticked(attribute)} must be RFC 3339 or epoch milliseconds; Featurevisor took whatever JavaScript reads as a date.`,
  );
  return { attribute, operator, value: new Date(timeMs).toISOString().replace('.000Z', 'Z') };
}

function pattern(attribute: string, wanted: boolean, condition: JsonObject, place: Noted): Logic {
  const [value, flags] = [member(condition, 'value'), member(condition, 'regexFlags') ?? ''];
  if (typeof value !== 'string') return false;
  if (flags !== '' && flags !== 'i')
    refuse(place, `A regular expression has the flags ${ticked(String(flags))}.`);
  const parsed = operators.matches.parseValue(value);
  if ('fault' in parsed)
    refuse(place, `A regular expression of JavaScript that is none of RE2: ${parsed.fault.message}`);
  noteTypes(place);
  const operator = wanted ? 'matches' : 'not_matches';
  return { attribute, operator, value, ...(flags === 'i' && { ignore_case: true }) };
}

/** What is no version fits nothing, `semverNotEquals` neither. */
function versionTest(attribute: string, operator: string, value: JsonValue, place: Noted): Logic {
  if (typeof value !== 'string') return false;
  if (!parseVersion(value)) refuse(place, `${ticked(value)} is no version of Semantic Versioning.`);
  note(
    place,
    'changed',
    'Featurevisor also took ranges and wildcards (`1.x`) and a fourth number for versions; here they fit nothing.',
  );
  const compare = (name: OperatorName): Condition => ({ attribute, operator: name, value });
  if (operator === 'semverNotEquals') return or(compare('semver_lt'), compare('semver_gt'));
  const name = Object.hasOwn(versions, operator) ? versions[operator] : undefined;
  return name ? compare(name) : refuse(place, `The operator ${ticked(operator)} is not known.`);
}
