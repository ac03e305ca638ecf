// What the audit says of one commit: its entries, and what was applied before them.
import type { Queryable } from '../db/pool.ts';
import type { CommitContent } from './content.ts';

export interface CommitEntry {
  entry: number;
  recordedAt: Date;
  content: CommitContent;
}

/** The entries of a commit, oldest first; none where it was never judged. */
export async function entriesOfCommit(
  connection: Queryable,
  project: string,
  commit: string,
): Promise<CommitEntry[]> {
  const { rows } = await connection.query<Omit<CommitEntry, 'content'> & { content: string }>(
    `select e.entry, e.recorded_at as "recordedAt", e.content
     from halyard.audit_entry e
     where e.project = $1 and e.summary ->> 'commit' = $2
       and e.summary ->> 'action' in ('commit.applied', 'commit.rejected')
     order by e.entry`,
    [project, commit],
  );
  return rows.map((row) => ({ ...row, content: JSON.parse(row.content) as CommitContent }));
}

/** The commit that was applied last before an entry; undefined where none was. */
export async function appliedBefore(
  connection: Queryable,
  project: string,
  entry: number,
): Promise<string | undefined> {
  const { rows } = await connection.query<{ commit: string }>(
    `select e.summary ->> 'commit' as commit
     from halyard.audit_entry e
     where e.project = $1 and e.entry < $2 and e.summary ->> 'action' = 'commit.applied'
     order by e.entry desc limit 1`,
    [project, entry],
  );
  return rows[0]?.commit;
}
