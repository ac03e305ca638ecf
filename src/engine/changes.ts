// What differs between two lists of rows, and what that reaches: whoever refers to a changed row may answer differently.
import { compareRows, type EnvironmentDefinition } from '../model/snapshot.ts';
import { nameOf, referencesOf } from './references.ts';

export interface RowChange {
  /** Absent for a new row. */
  readonly before?: EnvironmentDefinition;
  /** Absent for a row that is gone. */
  readonly after?: EnvironmentDefinition;
}

type Rows = readonly EnvironmentDefinition[];

/**
 * By name, the rows whose digests differ. Both lists are walked side by side, so it costs next to nothing where they are
 * in order and share most of their rows; out of order it finds the same.
 */
export function changedRows(before: Rows, after: Rows): Map<string, RowChange> {
  const changed = new Map<string, RowChange>();
  const note = (change: RowChange, row: EnvironmentDefinition) => {
    const name = nameOf(row);
    const both = { ...changed.get(name), ...change };
    if (both.before?.digest === both.after?.digest) changed.delete(name);
    else changed.set(name, both);
  };
  for (let old = 0, now = 0; old < before.length || now < after.length; ) {
    const [was, is] = [before[old], after[now]];
    const order = was === is ? 0 : was === undefined ? 1 : is === undefined ? -1 : compareRows(was, is);
    if (order <= 0) old++;
    if (order >= 0) now++;
    if (was === is || (order === 0 && was?.digest === is?.digest)) continue;
    if (was && order <= 0) note({ before: was }, was);
    if (is && order >= 0) note({ after: is }, is);
  }
  return changed;
}

/** How the rows of a snapshot differ from those of the one before. */
export class Changes {
  readonly #rows: Rows;
  /** The rows that differ, by name; undefined where there was no snapshot before. */
  readonly #changed: ReadonlyMap<string, RowChange> | undefined;
  /** Their names, with those of all that refer to one, however many steps away; undefined for all there are. */
  readonly #reached: ReadonlySet<string> | undefined;
  /** The names of those that refer to a name. Made when it is first needed: a relay that only starts needs none. */
  #users: ReadonlyMap<string, readonly string[]> | undefined;

  constructor(rows: Rows, before?: Changes) {
    this.#rows = rows;
    if (!before) return;
    this.#changed = changedRows(before.#rows, rows);
    const isOtherProject = keysIn(this.#changed.keys(), 'project').length > 0;
    // Every flag depends on the salt.
    if (!isOtherProject) this.#reached = before.#reach(this.#changed.keys());
    this.#users = refersAlike(this.#changed.values()) ? before.#users : undefined;
  }

  /** Whether a row may mean something else than before. */
  reaches(kind: string, key: string): boolean {
    return this.#reached?.has(nameOf({ kind, key })) ?? true;
  }

  /** The keys of those rows of a kind, those that are gone among them; undefined for all there are. */
  reached(kind: string): string[] | undefined {
    return this.#reached && keysIn(this.#reached, kind);
  }

  /** The keys of the rows of a kind that differ themselves; undefined for all there are. */
  changed(kind: string): string[] | undefined {
    return this.#changed && keysIn(this.#changed.keys(), kind);
  }

  #reach(changed: Iterable<string>): Set<string> {
    this.#users ??= usersIn(this.#rows);
    const reached = new Set(changed);
    // A row that refers to others than before has changed itself, so that the users of before are enough. The Set's
    // iteration also visits what is added on the way.
    for (const name of reached) for (const user of this.#users.get(name) ?? []) reached.add(user);
    return reached;
  }
}

/** Whether nobody refers to others than before. */
function refersAlike(changed: Iterable<RowChange>): boolean {
  for (const { before, after } of changed) {
    const [was, is] = [before, after].map((row) => (row ? referencesOf(row).join() : ''));
    if (was !== is) return false;
  }
  return true;
}

function keysIn(names: Iterable<string>, kind: string): string[] {
  const start = `${kind} `;
  const keys: string[] = [];
  for (const name of names) if (name.startsWith(start)) keys.push(name.slice(start.length));
  return keys;
}

function usersIn(rows: Rows): Map<string, string[]> {
  const users = new Map<string, string[]>();
  for (const row of rows) {
    for (const reference of referencesOf(row)) {
      const list = users.get(reference);
      if (list) list.push(nameOf(row));
      else users.set(reference, [nameOf(row)]);
    }
  }
  return users;
}
