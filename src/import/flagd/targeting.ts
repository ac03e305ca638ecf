// flagd's targeting: an expression that gives the name of a variant, as the steps of which the first that holds decides.
import type { JsonValue } from '../../lib/json.ts';
import { ticked } from '../../lib/printable.ts';
import type { Outcome } from '../../model/definitions.gen.ts';
import { note, refuse } from '../notes.ts';
import { isObject } from '../read.ts';
import { both, type Guard, type Step } from '../steps.ts';
import { conditionOf, givesBoolean } from './condition.ts';
import { splitOf } from './fractional.ts';
import { resolved, type Scope, spend } from './scope.ts';

export interface Variants {
  /** The keys of the variations by the names of the variants. */
  keys: ReadonlyMap<string, string>;
  /** The default variant; without one, no result means no value. */
  fallback?: string;
  /** The attributes by which splits are made. */
  units: Set<string>;
}

/** Steps that take everyone. Throws Untranslatable with the reason where a flag cannot decide so. */
export function stepsOf(logic: JsonValue, variants: Variants, scope: Scope): Step[] {
  spend(scope);
  if (!isObject(logic)) return [{ when: true, then: serve(logic, variants, scope) }];
  const [operator = '', ...others] = Object.keys(logic);
  if (others.length > 0)
    refuse(scope, `It has several operators in one place: ${Object.keys(logic).join(', ')}.`);
  const argument = logic[operator] as JsonValue;
  if (operator === 'if') return branches(Array.isArray(argument) ? argument : [argument], variants, scope);
  if (operator === 'fractional') return splitSteps(argument, variants, scope);
  if (operator === '$ref') {
    const reference = resolved(argument, scope);
    return stepsOf(reference.logic, variants, reference.scope);
  }
  if (!isBoolean(logic)) refuse(scope, `\`${operator}\` computes the name of a variant.`);
  const guard = guardOf(logic, scope);
  return [
    { ...guard, then: serve(true, variants, scope) },
    { when: true, then: serve(false, variants, scope) },
  ];
}

function branches(args: JsonValue[], variants: Variants, scope: Scope): Step[] {
  const [test = null, then = null, ...others] = args;
  if (args.length <= 1) return stepsOf(test, variants, scope);
  const guard = guardOf(test, scope);
  const inner = stepsOf(then, variants, scope).map((step) => ({ ...step, ...both(guard, step) }));
  return [...inner, ...branches(others.length > 0 ? others : [null], variants, scope)];
}

function splitSteps(argument: JsonValue, variants: Variants, scope: Scope): Step[] {
  const { unit, when, shares } = splitOf(argument, scope);
  variants.units.add(unit);
  const outcomes = shares.map(({ variant, percent }) => ({ then: serve(variant, variants, scope), percent }));
  const weighted = outcomes.map(({ then, percent }) => {
    if (then === 'nothing' || !('serve' in then)) refuse(scope, 'A share of `fractional` gets no variant.');
    return { key: then.serve, weight: percent };
  });
  const [only, ...others] = weighted;
  const then: Outcome =
    only && others.length === 0 ? { serve: only.key } : { rollout: { variations: weighted } };
  return [
    { when, then },
    { when: true, then: serve(null, variants, scope) },
  ];
}

/** What is served for a result of targeting: null is the default variant. */
function serve(result: JsonValue, { keys, fallback }: Variants, scope: Scope): Outcome | 'nothing' {
  if (Array.isArray(result)) refuse(scope, 'Targeting gives a list.');
  const name = result === null ? fallback : String(result);
  if (name === undefined) return 'nothing';
  const key = keys.get(name);
  if (key !== undefined) return { serve: key };
  note(
    scope,
    'changed',
    `Targeting names ${ticked(name)}, which is no variant. flagd answers with an error, Halyard with no value; the app’s own default stands in both.`,
  );
  return 'nothing';
}

/** Whether an expression gives true or false and nothing else. */
function isBoolean(logic: JsonValue): boolean {
  if (typeof logic === 'boolean') return true;
  if (!isObject(logic)) return false;
  const [operator = ''] = Object.keys(logic);
  const argument = logic[operator];
  if (operator === 'and' || operator === 'or')
    return Array.isArray(argument) && argument.length > 0 && argument.every(isBoolean);
  return givesBoolean.has(operator);
}

/** A condition, in which comparisons with the time are those of a rule's `from` and `until`. */
function guardOf(logic: JsonValue, scope: Scope): Guard {
  if (
    isObject(logic) &&
    Array.isArray(logic.and) &&
    logic.and.length > 0 &&
    Object.keys(logic).length === 1
  ) {
    return logic.and.map((part) => guardOf(part, scope)).reduce(both, { when: true });
  }
  return windowOf(logic) ?? { when: conditionOf(logic, scope) };
}

/** `{">=": [{"var": "$flagd.timestamp"}, 1735689600]}`, in whole seconds. */
function windowOf(logic: JsonValue): Guard | undefined {
  if (!isObject(logic)) return undefined;
  const [name = ''] = Object.keys(logic);
  const args = logic[name];
  if (!Array.isArray(args) || args.length !== 2 || !['<', '<=', '>', '>='].includes(name)) return undefined;
  const [left, right] = args;
  const isFirst = isTime(left);
  const seconds = isFirst ? right : isTime(right) ? left : undefined;
  if (typeof seconds !== 'number' || Math.abs(seconds) > LATEST_SECONDS) return undefined;
  const isAfter = name.startsWith('>') === isFirst;
  // From `> 5` and `<= 5` the sixth second is the first that differs.
  const isNext = (name === '>' && isFirst) || (name === '<' && !isFirst) || (name.endsWith('=') && !isAfter);
  const boundary = (isNext ? Math.floor(seconds) + 1 : Math.ceil(seconds)) * 1000;
  return { when: true, ...(isAfter ? { fromMs: boundary } : { untilMs: boundary }) };
}

/** The year 9999 is the last that RFC 3339 writes. */
const LATEST_SECONDS = 253_402_300_799 - 1;

function isTime(logic: JsonValue | undefined): boolean {
  return isObject(logic) && [logic.var].flat()[0] === '$flagd.timestamp';
}
