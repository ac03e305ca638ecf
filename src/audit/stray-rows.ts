// Rows of projects that there are not: no chain tells of them.
import type { Queryable } from '../db/pool.ts';
import { type Break, broken } from './break.ts';

/** @param projects all that have a row of their own, an entry or a head */
export async function strayBreak(
  connection: Queryable,
  projects: readonly string[],
): Promise<(Break & { project: string }) | undefined> {
  const { rows } = await connection.query<{ place: string; project: string }>(
    `select s.place, s.project from (
       select 'definition' as place, d.project from halyard.definition d
       union select 'environment_definition', d.project from halyard.environment_definition d
       union select 'audit_change', c.project from halyard.audit_change c
       union select 'revision', r.project from halyard.revision r
     ) s where s.project <> all ($1::text[]) order by s.place, s.project limit 1`,
    [projects],
  );
  const [stray] = rows;
  if (!stray) return undefined;
  const { place, project } = stray;
  const kind = place.endsWith('definition') ? 'serving-unaudited' : 'inserted';
  return { ...broken(kind, `${place} has rows of it, and there is no such project`), project };
}
