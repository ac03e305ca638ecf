// Which flags may answer differently after a swap: those whose rows changed, and those that use a changed row.
import type { BodyByKind, EnvironmentDefinition, Snapshot } from '../model/snapshot.ts';

type Condition = NonNullable<BodyByKind['segment']['if']>;

const referencesOf = new WeakMap<object, readonly string[]>();

/**
 * The keys of all flags that may answer differently, sorted. Flags that are new or gone count. A changed project row
 * (the salt) counts for all. Segments, experiments and required flags are followed to the flags that use them.
 */
export function changedFlags(before: Snapshot | undefined, after: Snapshot): string[] {
  const changed = changedRows(before, after);
  if (changed.has('project')) return flagKeys(after, before);
  if (changed.size > 0) spread(changed, after.definitions);
  return [...changed]
    .filter((row) => row.startsWith('flag '))
    .map((row) => row.slice(5))
    .sort();
}

function changedRows(before: Snapshot | undefined, after: Snapshot): Set<string> {
  const old = new Map((before?.definitions ?? []).map((row) => [name(row), row.digest]));
  const changed = new Set<string>();
  for (const row of after.definitions) {
    const key = name(row);
    if (old.get(key) !== row.digest) changed.add(row.kind === 'project' ? 'project' : key);
    old.delete(key);
  }
  for (const key of old.keys()) changed.add(key);
  return changed;
}

/** Adds every row that refers to a changed row, until nothing is added any more. */
function spread(changed: Set<string>, rows: readonly EnvironmentDefinition[]): void {
  const users = new Map<string, string[]>();
  for (const row of rows) {
    for (const reference of references(row)) {
      const list = users.get(reference);
      if (list) list.push(name(row));
      else users.set(reference, [name(row)]);
    }
  }
  // A Set's iteration also visits what is added on the way.
  for (const row of changed) for (const user of users.get(row) ?? []) changed.add(user);
}

function references(row: EnvironmentDefinition): readonly string[] {
  let known = referencesOf.get(row.body);
  if (!known) {
    known = [...new Set(collect(row))];
    referencesOf.set(row.body, known);
  }
  return known;
}

function* collect(row: EnvironmentDefinition): Generator<string> {
  if (row.kind === 'segment') {
    if (row.body.if) yield* segmentsOf(row.body.if);
  } else if (row.kind === 'flag') {
    for (const requirement of row.body.requires ?? []) yield `flag ${requirement.flag}`;
    for (const rule of row.body.rules ?? []) {
      if (rule.if) yield* segmentsOf(rule.if);
      if ('experiment' in rule.then) yield `experiment ${rule.then.experiment}`;
    }
    if (row.body.fallthrough && 'experiment' in row.body.fallthrough)
      yield `experiment ${row.body.fallthrough.experiment}`;
  }
}

function* segmentsOf(condition: Condition): Generator<string> {
  if ('segment' in condition) yield `segment ${condition.segment}`;
  else if ('and' in condition) for (const part of condition.and) yield* segmentsOf(part);
  else if ('or' in condition) for (const part of condition.or) yield* segmentsOf(part);
  else if ('not' in condition) yield* segmentsOf(condition.not);
}

function name(row: { kind: string; key: string }): string {
  return `${row.kind} ${row.key}`;
}

function flagKeys(...snapshots: (Snapshot | undefined)[]): string[] {
  const rows = snapshots.flatMap((snapshot) => snapshot?.definitions ?? []);
  return [...new Set(rows.filter((row) => row.kind === 'flag').map((row) => row.key))].sort();
}
