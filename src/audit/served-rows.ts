// Reads what a project applies and serves, with the digests that follow from the bodies.
import type { Queryable } from '../db/pool.ts';
import type { StoredRevision } from './replay.ts';
import type { Served, ServedHead, ServedRow } from './served.ts';

export async function readServed(connection: Queryable, project: string): Promise<Served> {
  return {
    lastJudgedCommit: await readLastJudgedCommit(connection, project),
    revisions: await readRevisions(connection, project),
    rows: await readRows(connection, project),
    heads: await readHeads(connection, project),
  };
}

async function readLastJudgedCommit(connection: Queryable, project: string): Promise<string | null> {
  const { rows } = await connection.query<{ commit: string | null }>(
    'select p.last_judged_commit as commit from halyard.project p where p.key = $1',
    [project],
  );
  return rows[0]?.commit ?? null;
}

async function readRevisions(connection: Queryable, project: string): Promise<StoredRevision[]> {
  const { rows } = await connection.query<StoredRevision>(
    'select r.number, r.entry, r.commit from halyard.revision r where r.project = $1 order by r.number',
    [project],
  );
  return rows;
}

/** Definitions first, then environment by environment; the bodies are hashed where they are. */
async function readRows(connection: Queryable, project: string): Promise<ServedRow[]> {
  const { rows } = await connection.query<ServedRow>(
    `select d.kind, d.key, null as environment, d.digest, d.revision,
       encode(sha256(convert_to(d.body, 'UTF8')), 'hex') as computed
     from halyard.definition d where d.project = $1
     union all
     select d.kind, d.key, d.environment, d.digest, d.revision,
       case when not d.deleted then encode(sha256(convert_to(d.body, 'UTF8')), 'hex') end
     from halyard.environment_definition d where d.project = $1
     order by environment nulls first, kind, key`,
    [project],
  );
  return rows;
}

async function readHeads(connection: Queryable, project: string): Promise<ServedHead[]> {
  const { rows } = await connection.query<ServedHead>(
    `select h.environment, h.revision, h.commit, h.digest, h.entry, h.entry_hash as "entryHash"
     from halyard.snapshot_head h where h.project = $1 order by h.environment`,
    [project],
  );
  return rows;
}
