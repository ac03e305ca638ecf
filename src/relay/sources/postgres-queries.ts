// What a relay reads in PostgreSQL: one function a statement.
import type { Queryable } from '../../db/pool.ts';

/** What an environment serves, as its head names it. */
export interface Head {
  revision: number;
  commit: string | null;
  digest: string;
  entry: number;
  entryHash: string;
}

/** A row of an environment. Body and digest are null in a tombstone. */
export interface Row {
  kind: string;
  key: string;
  body: string | null;
  digest: string | null;
  revision: number;
}

export async function readHead(
  database: Queryable,
  project: string,
  environment: string,
): Promise<Head | undefined> {
  const { rows } = await database.query<Head>(
    `select revision, commit, digest, entry, entry_hash as "entryHash"
     from halyard.snapshot_head where project = $1 and environment = $2`,
    [project, environment],
  );
  return rows[0];
}

/** Rows that changed after a revision, tombstones too; after revision 0 the living ones alone. */
export async function readRows(
  database: Queryable,
  project: string,
  environment: string,
  afterRevision: number,
): Promise<Row[]> {
  const { rows } = await database.query<Row>(
    `select kind, key, body, digest, revision
     from halyard.environment_definition
     where project = $1 and environment = $2 and revision > $3 and (not deleted or $3 > 0)`,
    [project, environment, afterRevision],
  );
  return rows;
}

/** The hash of an audit entry; null where there is none of that number. */
export async function readHash(database: Queryable, project: string, entry: number): Promise<string | null> {
  const { rows } = await database.query<{ hash: string }>(
    'select hash from halyard.audit_entry where project = $1 and entry = $2',
    [project, entry],
  );
  return rows[0]?.hash ?? null;
}

/** The keys of the first two projects: enough to know whether there is just one. */
export async function readProjects(database: Queryable): Promise<string[]> {
  const { rows } = await database.query<{ key: string }>(
    'select key from halyard.project order by key limit 2',
  );
  return rows.map(({ key }) => key);
}

export async function readEnvironments(database: Queryable, project: string): Promise<string[]> {
  const { rows } = await database.query<{ environment: string }>(
    'select environment from halyard.snapshot_head where project = $1 order by environment',
    [project],
  );
  return rows.map(({ environment }) => environment);
}
