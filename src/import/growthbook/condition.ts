// Conditions of GrowthBook, written like queries of MongoDB, as conditions.
import type { JsonValue } from '../../lib/json.ts';
import { ticked } from '../../lib/printable.ts';
import { and, exists, type Logic, not, or } from '../logic.ts';
import { note, refuse } from '../notes.ts';
import { isObject, type JsonObject, member } from '../read.ts';
import { attributeOf, isScalar } from './attribute.ts';
import { groupValues, isIn } from './groups.ts';
import { compares } from './operators.ts';
import type { Scope } from './scope.ts';
import { equalsLoosely } from './values.ts';

/** Whether the condition holds. Throws Untranslatable with the reason where no condition says so. */
export function conditionOf(condition: JsonValue, scope: Scope): Logic {
  if (!isObject(condition)) refuse(scope, 'A condition is no object.');
  return and(...Object.entries(condition).map(([key, value]) => partOf(key, value, scope)));
}

function partOf(key: string, value: JsonValue, scope: Scope): Logic {
  if (key === '$or') return anyOf(value, scope);
  if (key === '$nor') return not(anyOf(value, scope));
  if (key === '$and') return and(...listOf(value, scope).map((each) => conditionOf(each, scope)));
  if (key === '$not') return not(conditionOf(value, scope));
  if (key === '$savedGroup') return savedGroup(value, scope);
  if (key.startsWith('$')) refuse(scope, `\`${key}\` is not known.`);
  return valueCondition(key, value, scope);
}

/** GrowthBook takes an empty `$or` for true. */
function anyOf(value: JsonValue, scope: Scope): Logic {
  const list = listOf(value, scope);
  return list.length === 0 || or(...list.map((each) => conditionOf(each, scope)));
}

function listOf(value: JsonValue, scope: Scope): JsonValue[] {
  return Array.isArray(value) ? value : refuse(scope, 'A list of conditions is no list.');
}

/** One attribute against a value, or against operators that must all hold. */
function valueCondition(name: string, value: JsonValue, scope: Scope): Logic {
  if (value === null || isScalar(value)) return equalsLoosely(name, value, scope);
  if (!isObject(value) || !isOperators(value))
    refuse(scope, `It compares ${ticked(name)} with a list or an object.`);
  return and(
    ...Object.entries(value).map(([operator, operand]) => operation(name, operator, operand, scope)),
  );
}

function isOperators(value: JsonObject): boolean {
  const keys = Object.keys(value);
  return keys.length > 0 && keys.every((key) => key.startsWith('$'));
}

function operation(name: string, operator: string, operand: JsonValue, scope: Scope): Logic {
  const values = Array.isArray(operand) ? operand : undefined;
  switch (operator) {
    case '$in':
      return values !== undefined && isIn(name, values);
    case '$nin':
      return values !== undefined && not(isIn(name, values));
    case '$ini':
      return values !== undefined && isIn(name, values, true);
    case '$nini':
      return values !== undefined && not(isIn(name, values, true));
    case '$inGroup':
    case '$notInGroup':
      return inGroup(name, String(operand), operator === '$inGroup', scope);
    case '$not':
      return not(valueCondition(name, operand, scope));
    case '$all':
    case '$alli':
      return hasAll(name, values, operator === '$alli', scope);
    case '$elemMatch':
      return hasElement(name, operand, scope);
    default:
      return compares(name, operator, operand, scope);
  }
}

function inGroup(name: string, id: string, wanted: boolean, scope: Scope): Logic {
  const values = groupValues(member(scope.savedGroups, id));
  if (values === undefined) return false;
  const logic = isIn(name, values);
  const named: Logic =
    typeof logic === 'object' ? { segment: scope.segments.add(id, attributeOf(name), logic) } : logic;
  return wanted ? named : not(named);
}

/** What GrowthBook does not recognise holds for nobody. */
function savedGroup(reference: JsonValue, scope: Scope): Logic {
  if (!isObject(reference) || typeof reference.id !== 'string') return false;
  const { id } = reference;
  const group = member(scope.savedGroups, id);
  if (!isObject(group) || scope.open.has(id)) return false;
  if (group.type === 'condition' && isObject(group.condition)) {
    const logic = conditionOf(group.condition, { ...scope, open: new Set([...scope.open, id]) });
    return typeof logic === 'object' ? { segment: scope.segments.add(id, '', logic) } : logic;
  }
  const key = reference.attributeKey ?? group.attributeKey;
  if (group.type !== 'list' || typeof key !== 'string' || !Array.isArray(group.values)) return false;
  return inGroup(key, id, true, scope);
}

function hasAll(name: string, values: JsonValue[] | undefined, ignoreCase: boolean, scope: Scope): Logic {
  if (values === undefined) return false;
  if (values.length === 0) refuse(scope, '`$all` of nothing asks whether the attribute is a list.');
  noteList(name, scope);
  return and(
    ...values.map((value) => {
      if (!isScalar(value)) refuse(scope, '`$all` has a value that is not plain.');
      return isIn(name, [value], ignoreCase);
    }),
  );
}

/** What holds here for a list as it does for one of its elements. */
const ofOneElement = /^\$(?:eq|ini?|[gl]te?|regexi?|veq|v[gl]te?)$/;

function hasElement(name: string, operand: JsonValue, scope: Scope): Logic {
  const [only, ...others] = isObject(operand) ? Object.entries(operand) : [];
  if (!only || others.length > 0 || !ofOneElement.test(only[0]))
    refuse(scope, '`$elemMatch` looks into the elements of a list.');
  noteList(name, scope);
  const logic = operation(name, only[0], only[1], scope);
  // A missing attribute has no element, whatever the operator takes it for.
  return typeof logic === 'object' && 'or' in logic ? and(exists(attributeOf(name)), logic) : logic;
}

function noteList(name: string, scope: Scope): void {
  scope.lists?.add(attributeOf(name));
  note(
    scope,
    'changed',
    `GrowthBook asks for a list in ${ticked(attributeOf(name))}; here one value is enough.`,
  );
}
