// A decision against what was expected of it.
import { canonical, type JsonValue } from '../lib/json.ts';
import type { Decision } from '../model/decision.ts';
import type { Expected, Field } from './flag-case.ts';

/** What a decision says, field by field; null stands for what it does not have. */
export type Answer = Readonly<Record<Field, JsonValue>>;

export interface Mismatch extends Expected {
  actual: JsonValue;
}

export function answerOf({ value, variation, reason, errorCode, metadata }: Decision): Answer {
  const { rule, experiment, arm, requires } = metadata;
  return {
    value: value ?? null,
    variation: variation ?? null,
    reason,
    errorCode: errorCode ?? null,
    rule: rule ?? null,
    experiment: experiment ?? null,
    arm: arm ?? null,
    requires: requires ?? null,
  };
}

/** Every field that is not as expected. */
export function mismatches(decision: Decision, expected: readonly Expected[]): Mismatch[] {
  if (expected.length === 0) return [];
  const answer = answerOf(decision);
  return expected.flatMap(({ field, anyOf }) => {
    const actual = answer[field];
    return anyOf.some((each) => isEqual(each, actual)) ? [] : [{ field, anyOf, actual }];
  });
}

/** Objects are equal whatever the order of their keys. */
function isEqual(a: JsonValue, b: JsonValue): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  return canonical(a) === canonical(b);
}
