// JsonLogic as flagd evaluates it, where it decides yes or no, as a condition.
import type { JsonValue } from '../../lib/json.ts';
import { ticked } from '../../lib/printable.ts';
import type { Condition, Scalar } from '../../model/definitions.gen.ts';
import { and, equalsAny, exists, type Logic, not, or } from '../logic.ts';
import { note, refuse } from '../notes.ts';
import { isObject } from '../read.ts';
import { type ComparisonName, comparison, withMissing } from './comparison.ts';
import { type Operand, operandOf } from './operand.ts';
import { resolved, type Scope, spend } from './scope.ts';
import { versionTest } from './version.ts';

type Translate = (args: JsonValue[], scope: Scope) => Logic;

const LISTS =
  'Lists: flagd’s text operators never hold for one, Halyard’s hold when they do for an element.' as const;

const operators = new Map<string, Translate>([
  // Of nothing, `and` gives nothing, which is not true.
  ['and', (args, scope) => args.length > 0 && and(...args.map((arg) => conditionOf(arg, scope)))],
  ['or', (args, scope) => or(...args.map((arg) => conditionOf(arg, scope)))],
  ['!', ([arg = null], scope) => not(conditionOf(arg, scope))],
  ['!!', ([arg = null], scope) => conditionOf(arg, scope)],
  ['if', conditional],
  ['in', membership],
  ['starts_with', (args, scope) => textTest('starts_with', args, scope)],
  ['ends_with', (args, scope) => textTest('ends_with', args, scope)],
  ['sem_ver', versionTest],
  ['missing', (args, scope) => or(...args.map((name) => exists(attributeName(name, scope), false)))],
  ['var', (args, scope) => truth(operandOf({ var: args }, scope), scope)],
  ...(['==', '===', '!=', '!==', '<', '<=', '>', '>='] as const).map((name): [string, Translate] => [
    name,
    (args, scope) => chain(name, args, scope),
  ]),
]);

/** Whether the expression is truthy. Throws Untranslatable with the reason where no condition says so. */
export function conditionOf(logic: JsonValue, scope: Scope): Logic {
  spend(scope);
  if (!isObject(logic)) return isTruthy(logic);
  const [operator = '', ...others] = Object.keys(logic);
  if (others.length > 0)
    refuse(scope, `It has several operators in one place: ${Object.keys(logic).join(', ')}.`);
  const argument = logic[operator] as JsonValue;
  if (operator === '$ref') {
    if (scope.flagKey === undefined)
      note(
        scope,
        'changed',
        'One shared evaluator refers to another, which flagd resolves only where the other one comes later in the file; here it always is.',
      );
    const segment = scope.segments.get(String(argument));
    if (segment !== undefined) return { segment };
    const reference = resolved(argument, scope);
    return conditionOf(reference.logic, reference.scope);
  }
  const translate = operators.get(operator);
  if (!translate) refuse(scope, `\`${operator}\` has no counterpart in conditions.`);
  if ((operator === 'and' || operator === 'or') && !Array.isArray(argument))
    refuse(scope, `\`${operator}\` needs a list.`);
  return translate(Array.isArray(argument) ? argument : [argument], scope);
}

/** The comparisons that give true or false and nothing else, whatever they compare. */
export const givesBoolean: ReadonlySet<string> = new Set([
  '==',
  '===',
  '!=',
  '!==',
  '<',
  '<=',
  '>',
  '>=',
  'in',
  '!',
  '!!',
]);

function isTruthy(value: JsonValue): boolean {
  return Array.isArray(value) ? value.length > 0 : Boolean(value);
}

/** if, then, else if, then, …, else. */
function conditional(args: JsonValue[], scope: Scope): Logic {
  const [test = null, then = null, ...others] = args;
  if (args.length <= 1) return conditionOf(test, scope);
  const holds = conditionOf(test, scope);
  const otherwise = others.length > 0 && conditional(others, scope);
  return or(and(holds, conditionOf(then, scope)), and(not(holds), otherwise));
}

/** `{"<": [1, {"var": "x"}, 9]}` is both of its comparisons. */
function chain(name: ComparisonName, args: JsonValue[], scope: Scope): Logic {
  if (args.length < 2) refuse(scope, `\`${name}\` needs two values.`);
  const operands = args.map((arg) => operandOf(arg, scope));
  return and(
    ...operands.slice(1).map((right, index) => comparison(name, operands[index] as Operand, right, scope)),
  );
}

function membership(args: JsonValue[], scope: Scope): Logic {
  const [item, list] = args.map((arg) => operandOf(arg, scope));
  if (!item || !list || item.kind === 'time' || list.kind === 'time')
    refuse(scope, '`in` needs a value and a list.');
  if (list.kind === 'attribute') return inAttribute(item, list, scope);
  if (item.kind === 'constant') return includes(list.value, item.value, scope);
  if (!Array.isArray(list.value)) refuse(scope, `It asks whether ${ticked(item.name)} is a part of a text.`);
  const scalars = list.value.filter((value): value is Scalar => value !== null && typeof value !== 'object');
  return withMissing(item, equalsAny(item.name, scalars), list.value.includes(item.fallback));
}

function inAttribute(item: Operand, list: Operand & { kind: 'attribute' }, scope: Scope): Logic {
  if (item.kind !== 'constant' || typeof item.value === 'object')
    refuse(scope, `It looks in ${ticked(list.name)} for something that is not a plain value.`);
  const inFallback = includes(list.fallback, item.value, scope);
  if (typeof item.value !== 'string') {
    note(
      scope,
      'changed',
      `\`in\` also found ${item.value} within a text, and ended in an error, with the app’s own default, for what is neither; here ${ticked(list.name)} must be a list.`,
    );
    return withMissing(list, equalsAny(list.name, [item.value]), inFallback);
  }
  note(
    scope,
    'changed',
    `${ticked(list.name)} may be a text or a list: of a list, flagd wanted an element that equals ${ticked(item.value)}, here one that contains it is enough.`,
  );
  const contains: Condition = { attribute: list.name, operator: 'contains', value: item.value };
  // flagd finds nothing in an empty text, not even an empty one.
  const isEmpty: Logic = item.value === '' && { attribute: list.name, operator: 'eq', value: '' };
  return withMissing(list, and(contains, not(isEmpty)), inFallback);
}

function includes(list: JsonValue, item: JsonValue, scope: Scope): boolean {
  if (!isTruthy(list)) return false;
  if (Array.isArray(list)) return list.includes(item);
  if (typeof list !== 'string') refuse(scope, '`in` looks in something that is no list.');
  return list.includes(String(item));
}

function textTest(name: 'starts_with' | 'ends_with', args: JsonValue[], scope: Scope): Logic {
  const [subject, part] = args.map((arg) => operandOf(arg, scope));
  if (args.length !== 2 || part?.kind !== 'constant' || subject?.kind === 'time')
    refuse(scope, `\`${name}\` needs an attribute and a text.`);
  const { value } = part;
  if (typeof value !== 'string') return false;
  const holds = (text: JsonValue) =>
    typeof text === 'string' && (name === 'starts_with' ? text.startsWith(value) : text.endsWith(value));
  if (subject?.kind !== 'attribute') return holds(subject?.value ?? null);
  note(scope, 'changed', LISTS);
  return withMissing(subject, { attribute: subject.name, operator: name, value }, holds(subject.fallback));
}

function attributeName(name: JsonValue, scope: Scope): string {
  const operand = operandOf({ var: name }, scope);
  return operand.kind === 'attribute' ? operand.name : refuse(scope, '`missing` names no attribute.');
}

function truth(operand: Operand, scope: Scope): Logic {
  if (operand.kind === 'time') return true;
  if (operand.kind === 'constant') return isTruthy(operand.value);
  note(
    scope,
    'changed',
    `An empty list or object in ${ticked(operand.name)} counted as false; here it counts as true.`,
  );
  const present: Condition = { attribute: operand.name, operator: 'not_in', value: [false, 0, ''] };
  return withMissing(operand, present, isTruthy(operand.fallback));
}
