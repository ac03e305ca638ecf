// The rows of `project`, and what other rows name beside them.
import type { Queryable } from '../db/pool.ts';
import { type Break, broken } from './break.ts';

/** Every project that any row names, should the project's own row be gone. */
export async function namedProjects(connection: Queryable): Promise<string[]> {
  const { rows } = await connection.query<{ key: string }>(
    `select p.key from halyard.project p union select e.project from halyard.audit_entry e
     union select h.project from halyard.snapshot_head h order by key`,
  );
  return rows.map(({ key }) => key);
}

export interface NamedEntries {
  /** By the project's own row. */
  last: number;
  /** The highest that any row names. */
  lastNamed: number;
  /** The lowest that a change names. */
  firstNamed: number | null;
}

/** There is one row for a project, and changes of entries that there can be. */
export function projectRowBreak([row, ...others]: readonly NamedEntries[]): Break | undefined {
  if (!row) return broken('deleted', 'the row of the project is gone');
  if (others.length > 0) return broken('inserted', 'the project has more than one row');
  const { firstNamed } = row;
  if (firstNamed === null || firstNamed > 0) return undefined;
  return broken('inserted', `audit_change has changes of entry ${firstNamed}, and entries begin with 1`);
}

/** One for each row of the project. */
export async function namedEntries(connection: Queryable, project: string): Promise<NamedEntries[]> {
  const { rows } = await connection.query<NamedEntries>(
    `select p.last_entry as last, greatest(p.last_entry,
       (select max(c.entry) from halyard.audit_change c where c.project = p.key),
       (select max(r.entry) from halyard.revision r where r.project = p.key),
       (select max(h.entry) from halyard.snapshot_head h where h.project = p.key)) as "lastNamed",
       (select min(c.entry) from halyard.audit_change c where c.project = p.key) as "firstNamed"
     from halyard.project p where p.key = $1`,
    [project],
  );
  return rows;
}
