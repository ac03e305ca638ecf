// Compares the marks that one transaction leaves on everything that it writes: its number, and its time.
import type { Queryable } from '../db/pool.ts';
import { type Break, broken } from './break.ts';

/**
 * The first row that another transaction or another time is written on than on its entry. Both stand outside the hash,
 * and a restore keeps them.
 */
export async function stampBreak(connection: Queryable, project: string): Promise<Break | undefined> {
  const { rows } = await connection.query<{ what: string; entry: number }>(
    `select what, entry from (
       (select format('the change of %s %s', c.kind, c.key) as what, c.entry from halyard.audit_change c
        join halyard.audit_entry e on e.project = c.project and e.entry = c.entry
        where c.project = $1 and c.xid is distinct from e.xid order by c.entry limit 1)
       union all
       (select format('revision %s', r.number), r.entry from halyard.revision r
        join halyard.audit_entry e on e.project = r.project and e.entry = r.entry
        where r.project = $1 and r.applied_at is distinct from e.recorded_at order by r.entry limit 1)
       union all
       (select format('the time of entry %s', e.entry), e.entry from halyard.audit_entry e
        where e.project = $1 and (isfinite(e.recorded_at) and e.xid is not null) is not true order by e.entry limit 1)
     ) as found order by entry limit 1`,
    [project],
  );
  const [first] = rows;
  return (
    first && broken('altered', `${first.what} was not written when its entry ${first.entry} was`, first.entry)
  );
}
