// What a relay reads in PostgreSQL: one function a statement.
import type { Queryable } from '../../db/pool.ts';

/** What an environment serves, as its head names it, and what the audit chain says at that instant. */
export interface Head {
  revision: number;
  commit: string | null;
  digest: string;
  entry: number;
  entryHash: string;
  /** The hash that the chain has for `entry`; null where it has none. */
  linkedHash: string | null;
  /** The hash that the chain has for the witness' entry; null where it has none. */
  witnessed: string | null;
  /** The last entry of the chain. */
  end: { entry: number; hash: string } | null;
}

/** A row of an environment. Body and digest are null in a tombstone. */
export interface Row {
  kind: string;
  key: string;
  body: string | null;
  digest: string | null;
  revision: number;
}

/** @param witness the entry to look up in the chain; 0 for none */
export async function readHead(
  database: Queryable,
  project: string,
  environment: string,
  witness: number,
): Promise<Head | undefined> {
  // Each look at the chain is a subquery of its own: the view is a barrier, which only constants and parameters pass. No
  // order passes it, so the end is looked for from where the chain was seen on.
  const { rows } = await database.query<Head>(
    `select h.revision, h.commit, h.digest, h.entry, h.entry_hash as "entryHash",
       (select l.hash from halyard.audit_link l where l.project = $1 and l.entry = h.entry) as "linkedHash",
       w.hash as witnessed,
       (select pg_catalog.jsonb_build_object('entry', l.entry, 'hash', l.hash)
        from halyard.audit_link l
        where l.project = $1 and l.entry >= case when w.hash is null then h.entry else greatest(h.entry, $3) end
        order by l.entry desc limit 1) as end
     from halyard.snapshot_head h
     cross join lateral (
       select (select l.hash from halyard.audit_link l where l.project = $1 and l.entry = $3) as hash) w
     where h.project = $1 and h.environment = $2`,
    [project, environment, witness],
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

/** The hash of an entry of the chain; null where it has none. */
export async function readLink(database: Queryable, project: string, entry: number): Promise<string | null> {
  const { rows } = await database.query<{ hash: string }>(
    'select hash from halyard.audit_link where project = $1 and entry = $2',
    [project, entry],
  );
  return rows[0]?.hash ?? null;
}

/** The keys of the first two projects of which anything is served and may be seen: enough to know whether there is just one. */
export async function readProjects(database: Queryable): Promise<string[]> {
  const { rows } = await database.query<{ project: string }>(
    'select distinct h.project from halyard.snapshot_head h order by h.project limit 2',
  );
  return rows.map(({ project }) => project);
}

export async function readEnvironments(database: Queryable, project: string): Promise<string[]> {
  const { rows } = await database.query<{ environment: string }>(
    'select environment from halyard.snapshot_head where project = $1 order by environment',
    [project],
  );
  return rows.map(({ environment }) => environment);
}
