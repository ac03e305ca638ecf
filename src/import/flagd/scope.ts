// What a flagd expression is translated in: the flag that it belongs to, what expressions may refer to, and what is found on the way.
import type { JsonValue } from '../../lib/json.ts';
import { type Noted, refuse } from '../notes.ts';

export interface Scope extends Noted {
  /** Of the flag; a shared evaluator belongs to none. */
  flagKey?: string;
  evaluators: ReadonlyMap<string, JsonValue>;
  /** Evaluators that are segments, and the segments' keys. */
  segments: ReadonlyMap<string, string>;
  /** Evaluators that are being written out, so that a cycle ends. */
  open: ReadonlySet<string>;
  /** How many more expressions may be written out: evaluators may name each other. */
  budget: { left: number };
}

export const LARGEST_EXPRESSION = 20_000;

/** The expression that `$ref` names, and the scope in which it is translated. */
export function resolved(name: JsonValue, scope: Scope): { logic: JsonValue; scope: Scope } {
  const logic = typeof name === 'string' ? scope.evaluators.get(name) : undefined;
  if (typeof name !== 'string' || logic === undefined)
    refuse(scope, `It refers to the evaluator ${JSON.stringify(name)}, which is not there.`);
  if (scope.open.has(name)) refuse(scope, `The evaluator ${JSON.stringify(name)} refers to itself.`);
  return { logic, scope: { ...scope, open: new Set([...scope.open, name]) } };
}

/** Counts one expression. */
export function spend(scope: Scope): void {
  if (scope.budget.left-- <= 0)
    refuse(scope, `Written out, it has more than ${LARGEST_EXPRESSION.toLocaleString('en')} expressions.`);
}
