// The subject of one evaluation: its context, read attribute by attribute, and the time.
import type { JsonValue } from '../lib/json.ts';
import type { Context } from '../model/context.ts';

/**
 * One per ruleset, refilled for each evaluation, so that nothing is allocated. Evaluations are synchronous and never
 * nest. What is remembered within one evaluation carries the epoch in which it was found.
 */
export interface Subject {
  context: Context;
  nowMs: number;
  epoch: number;
}

/** A list with more elements fits nothing. */
export const LONGEST_LIST = 1000;

/** Reads an attribute; undefined where it is missing. */
export type Reader = (context: Context) => JsonValue | undefined;

/** A top-level attribute of exactly this name comes first; without one, dots walk into objects. Null is missing. */
export function attributeReader(name: string): Reader {
  if (!name.includes('.')) return (context) => ownMember(context, name);
  const path = name.split('.');
  return (context) => ownMember(context, name) ?? walk(context, path);
}

/** The text that is hashed and looked up in lists of units; undefined where the value is no unit. */
export function unitOf(value: JsonValue | undefined): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value) : undefined;
  return typeof value === 'boolean' ? String(value) : undefined;
}

/** Whether an app sent what can be a context at all: an object, not a list. */
export function isContext(context: unknown): context is Context {
  return typeof context === 'object' && context !== null && !Array.isArray(context);
}

function walk(context: Context, path: readonly string[]): JsonValue | undefined {
  let value: JsonValue | undefined;
  let within: unknown = context;
  for (const name of path) {
    if (!isContext(within)) return undefined;
    value = ownMember(within, name);
    within = value;
  }
  return value;
}

/** Own members alone: `toString` is no attribute of an empty context. */
function ownMember(context: Context, name: string): JsonValue | undefined {
  return Object.hasOwn(context, name) ? (context[name] ?? undefined) : undefined;
}
