// Which attributes the definitions of a snapshot read, and a context without all others: little, whatever an app sends.
import type { JsonValue } from '../lib/json.ts';
import type { Context } from '../model/context.ts';
import type { Condition } from '../model/definitions.gen.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { isContext, LONGEST_LIST } from './subject.ts';

/** The names of the attributes that evaluating reads, in conditions and as units. `targetingKey` is always one. Yields after each row. */
export function* attributesReadInSteps({
  definitions,
}: Pick<Snapshot, 'definitions'>): Generator<void, string[], undefined> {
  const names = new Set(['targetingKey']);
  for (const row of definitions) {
    yield;
    if (row.kind === 'project') continue;
    names.add(row.body.unit);
    if (row.kind === 'segment') addNames(row.body.if, names);
    if (row.kind === 'flag') for (const rule of row.body.rules ?? []) addNames(rule.if, names);
  }
  return [...names];
}

function addNames(condition: Condition | undefined, names: Set<string>): void {
  const waiting = condition ? [condition] : [];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if ('attribute' in next) names.add(next.attribute);
    else if ('not' in next) waiting.push(next.not);
    else if ('and' in next) for (const child of next.and) waiting.push(child);
    else if ('or' in next) for (const child of next.or) waiting.push(child);
  }
}

/** Attribute names as a tree: below each name what is read within it, by dots. */
export type Names = ReadonlyMap<string, Names>;

/** A name with dots is a top-level attribute too, which comes first (evaluation: `attributeReader`). */
export function namesTree(names: Iterable<string>): Names {
  type Growing = Map<string, Growing>;
  const tree: Growing = new Map();
  const grow = (within: Growing, name: string) => {
    const below: Growing = within.get(name) ?? new Map();
    within.set(name, below);
    return below;
  };
  for (const name of names) {
    grow(tree, name);
    if (name.includes('.')) name.split('.').reduce(grow, tree);
  }
  return tree;
}

/** What evaluates as the context does where no other attributes are read. An explanation of it may show less. */
export function slimContext(context: Context, names: Names): Context {
  return slimObject(context, names);
}

function slimObject(context: Context, names: Names): { [name: string]: JsonValue } {
  const kept: [string, JsonValue][] = [];
  for (const [name, within] of names) {
    if (!Object.hasOwn(context, name)) continue;
    const value = context[name];
    if (value !== undefined) kept.push([name, slimValue(value, within)]);
  }
  return Object.fromEntries(kept);
}

/** A longer list fits nothing, and neither does what a list holds of lists and objects. */
function slimValue(value: JsonValue, within: Names): JsonValue {
  if (Array.isArray(value)) {
    return value.length > LONGEST_LIST
      ? TOO_LONG
      : value.map((each) => (typeof each === 'object' ? null : each));
  }
  return isContext(value) ? slimObject(value, within) : value;
}

const TOO_LONG: JsonValue[] = new Array<JsonValue>(LONGEST_LIST + 1).fill(null);
