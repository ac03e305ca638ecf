// The one transaction: asserts that nobody was faster, then writes the entry, the rows that it changes, and what is served.
import type { EntryContent } from '../audit/content.ts';
import {
  appendEntry,
  createProject,
  lockProject,
  type ProjectHead,
  type ProjectSource,
} from '../audit/store.ts';
import { type RowChange, rowOf } from '../changes/diff.ts';
import type { Row } from '../changes/row.ts';
import type { Pool } from '../db/pool.ts';
import { type Tx, withTransaction } from '../db/transaction.ts';
import { snapshotDigest } from '../model/snapshot.ts';

/** Another sync, or an operator, has written the next entry already: what was judged must be judged again. */
export class BaseMovedError extends Error {
  override name = 'BaseMovedError';
}

export interface RowsToWrite {
  /** The changed rows, as the entry lists them. */
  changes: readonly RowChange[];
  /** All rows of the environments whose rows change, for the digests of what is served. */
  wanted: readonly Row[];
}

export interface WrittenEntry {
  entry: number;
  hash: string;
}

/**
 * Writes one entry and all that it says, or nothing. The entry must be the next one.
 * Throws BaseMovedError when it is not, UnreachableError when PostgreSQL goes away: whether the transaction was
 * committed is then to be read from the chain.
 * @param lastEntry the entry that the content was made after; 0 makes the project
 */
export async function applyEntry(
  pool: Pool,
  source: ProjectSource,
  lastEntry: number,
  content: EntryContent,
  rows: RowsToWrite = { changes: [], wanted: [] },
): Promise<WrittenEntry> {
  return withTransaction(pool, {}, async (tx) => {
    const head = await lockBase(tx, content.project, source, lastEntry);
    const written = await appendEntry(tx, head, content);
    if (!('revision' in content) || content.revision === undefined) return written;
    const { project, revision } = content;
    const commit = 'commit' in content ? content.commit : undefined;
    await insertRevision(tx, project, revision, written.entry, commit);
    await deleteDefinitions(tx, project, rows.changes);
    await upsertDefinitions(tx, project, revision, rows.changes);
    await upsertEnvironmentDefinitions(tx, project, revision, rows.changes);
    await upsertSnapshotHeads(tx, { project, revision, commit, ...written }, rows);
    await tx.query(`select pg_catalog.pg_notify('halyard_snapshot', '')`);
    return written;
  });
}

async function lockBase(
  tx: Tx,
  project: string,
  source: ProjectSource,
  lastEntry: number,
): Promise<ProjectHead> {
  const head = lastEntry === 0 ? await createProject(tx, project, source) : await lockProject(tx, project);
  if (head?.lastEntry !== lastEntry) {
    throw new BaseMovedError(`entry ${lastEntry + 1} of ${project} was written by someone else`);
  }
  return { ...head, ...source };
}

async function insertRevision(
  tx: Tx,
  project: string,
  number: number,
  entry: number,
  commit: string | undefined,
): Promise<void> {
  await tx.query(`insert into halyard.revision (project, number, entry, commit) values ($1, $2, $3, $4)`, [
    project,
    number,
    entry,
    commit ?? null,
  ]);
}

async function deleteDefinitions(tx: Tx, project: string, changes: readonly RowChange[]): Promise<void> {
  const gone = changes.filter(({ after }) => after === undefined).map(rowOf);
  const rows = gone.filter(({ environment }) => environment === undefined);
  if (rows.length === 0) return;
  await tx.query(
    `delete from halyard.definition d
     using unnest($2::text[], $3::text[]) as w (kind, key)
     where d.project = $1 and d.kind = w.kind and d.key = w.key`,
    [project, rows.map(({ kind }) => kind), rows.map(({ key }) => key)],
  );
}

async function upsertDefinitions(
  tx: Tx,
  project: string,
  revision: number,
  changes: readonly RowChange[],
): Promise<void> {
  const rows = changes.flatMap(({ after }) => (after && after.environment === undefined ? [after] : []));
  if (rows.length === 0) return;
  await tx.query(
    `insert into halyard.definition (project, kind, key, path, body, digest, revision)
     select $1, w.kind, w.key, w.path, w.body, w.digest, $2
     from unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[]) as w (kind, key, path, body, digest)
     on conflict (project, kind, key) do update
     set path = excluded.path, body = excluded.body, digest = excluded.digest, revision = excluded.revision`,
    [
      project,
      revision,
      rows.map(({ kind }) => kind),
      rows.map(({ key }) => key),
      rows.map(({ path }) => path),
      rows.map(({ text }) => text),
      rows.map(({ digest }) => digest),
    ],
  );
}

/** A row that is gone stays as a tombstone: without body and digest. */
async function upsertEnvironmentDefinitions(
  tx: Tx,
  project: string,
  revision: number,
  changes: readonly RowChange[],
): Promise<void> {
  const touched = changes.filter((change) => rowOf(change).environment !== undefined);
  if (touched.length === 0) return;
  const rows = touched.map(rowOf);
  await tx.query(
    `insert into halyard.environment_definition
       (project, environment, kind, key, body, digest, revision, deleted)
     select $1, w.environment, w.kind, w.key, w.body, w.digest, $2, w.body is null
     from unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[])
       as w (environment, kind, key, body, digest)
     on conflict (project, environment, kind, key) do update
     set body = excluded.body, digest = excluded.digest, revision = excluded.revision, deleted = excluded.deleted`,
    [
      project,
      revision,
      rows.map(({ environment }) => environment),
      rows.map(({ kind }) => kind),
      rows.map(({ key }) => key),
      touched.map(({ after }) => after?.text ?? null),
      touched.map(({ after }) => after?.digest ?? null),
    ],
  );
}

/**
 * Moves for environments whose rows change. One that is gone from the project keeps a head, with the digest of no rows.
 * An entry of no commit leaves the head its commit, which its definitions still come from.
 */
async function upsertSnapshotHeads(
  tx: Tx,
  at: { project: string; revision: number; commit: string | undefined } & WrittenEntry,
  { changes, wanted }: RowsToWrite,
): Promise<void> {
  const rowsOf = new Map<string, Row[]>();
  for (const change of changes) {
    const { environment } = rowOf(change);
    if (environment !== undefined) rowsOf.set(environment, []);
  }
  if (rowsOf.size === 0) return;
  for (const row of wanted) if (row.environment !== undefined) rowsOf.get(row.environment)?.push(row);
  await tx.query(
    `insert into halyard.snapshot_head (project, environment, revision, commit, digest, entry, entry_hash)
     select $1, w.environment, $2, $3, w.digest, $4, $5
     from unnest($6::text[], $7::text[]) as w (environment, digest)
     on conflict (project, environment) do update
     set revision = excluded.revision, commit = coalesce(excluded.commit, snapshot_head.commit), digest = excluded.digest,
       entry = excluded.entry, entry_hash = excluded.entry_hash`,
    [
      at.project,
      at.revision,
      at.commit ?? null,
      at.entry,
      at.hash,
      [...rowsOf.keys()],
      [...rowsOf.values()].map((rows) => snapshotDigest(rows)),
    ],
  );
}
