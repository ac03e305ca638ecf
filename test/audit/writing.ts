// Writing what sync writes, step by step, so that tests can leave out a step or do it wrongly.
import type { CommitContent } from '../../src/audit/content.ts';
import { appendEntry, createProject, lockProject, type ProjectHead } from '../../src/audit/store.ts';
import type { Pool } from '../../src/db/pool.ts';
import { type Tx, withTransaction } from '../../src/db/transaction.ts';
import { canonical, sha256Hex } from '../../src/lib/json.ts';
import type { Change } from '../../src/model/change.ts';
import { snapshotDigest } from '../../src/model/snapshot.ts';

/** A row to be: of `definition` without an environment. Without a body it is to be gone. */
export interface Wanted {
  kind?: string;
  key: string;
  environment?: string;
  body?: unknown;
}

export interface Entry {
  entry: number;
  hash: string;
  revision: number;
  commit: string;
}

/** One whole commit: everything that sync would write for it, in one transaction. */
export async function applyCommit(pool: Pool, project: string, wanted: readonly Wanted[]): Promise<Entry> {
  return withTransaction(pool, {}, (tx) => writeCommit(tx, project, wanted));
}

/** The same inside a transaction. */
export async function writeCommit(tx: Tx, project: string, wanted: readonly Wanted[]): Promise<Entry> {
  const written = await writeEntry(tx, project, wanted);
  if (wanted.length === 0) return written;
  await writeRevision(tx, project, written);
  await writeRows(tx, project, written.revision, wanted);
  await writeHeads(tx, project, written, environmentsOf(wanted));
  return written;
}

export function environmentsOf(wanted: readonly Wanted[]): string[] {
  return [...new Set(wanted.flatMap(({ environment }) => environment ?? []))];
}

/** Locks or makes the project, and appends the entry for these rows; `override` changes the content first. */
export async function writeEntry(
  tx: Tx,
  project: string,
  wanted: readonly Wanted[],
  override: Partial<CommitContent> = {},
): Promise<Entry> {
  const source = { repository: 'https://example.com/shop.git', path: 'flags', branch: 'main' };
  const head = (await lockProject(tx, project)) ?? (await createProject(tx, project, source));
  const content = { ...contentFor(head, await changesFor(tx, project, wanted)), ...override };
  const { entry, hash } = await appendEntry(tx, head, content);
  return { entry, hash, revision: head.lastRevision + 1, commit: content.commit };
}

export function contentFor(head: ProjectHead, changes: Change[]): CommitContent {
  const entry = head.lastEntry + 1;
  return {
    v: 1,
    project: head.project,
    entry,
    action: 'commit.applied',
    ...(changes.length > 0 && { revision: head.lastRevision + 1 }),
    commit: sha256Hex(`${head.project} ${entry}`).slice(0, 40),
    tree: sha256Hex(`tree ${entry}`).slice(0, 40),
    parents: [],
    author: `Author ${entry} <author-${entry}@example.com>`,
    committer: 'Committer <committer@example.com>',
    committedAt: '2026-01-01T00:00:00Z',
    subject: `Commit ${entry}`,
    signature: { status: 'unsigned' },
    evidence: [],
    carries: [],
    changes,
    problems: [],
  };
}

/** What changes from the rows that are there to the wanted ones. */
export async function changesFor(tx: Tx, project: string, wanted: readonly Wanted[]): Promise<Change[]> {
  const { rows } = await tx.query<{ id: string; digest: string }>(
    `select concat_ws(' ', kind, key) as id, digest from halyard.definition where project = $1
     union all
     select concat_ws(' ', kind, key, environment), digest
     from halyard.environment_definition where project = $1 and not deleted`,
    [project],
  );
  const digests = new Map(rows.map(({ id, digest }) => [id, digest]));
  return wanted.map((row) => {
    const { kind = 'flag', key, environment } = row;
    const before = digests.get([kind, key, environment].filter(Boolean).join(' '));
    const after = digestOf(row);
    return {
      kind,
      key,
      ...(environment && { environment }),
      action: before === undefined ? 'created' : after === undefined ? 'deleted' : 'updated',
      ...(before !== undefined && { before }),
      ...(after !== undefined && { after }),
      patch: [],
    };
  });
}

export async function writeRevision(
  tx: Tx,
  project: string,
  { revision, entry, commit }: Entry,
): Promise<void> {
  await tx.query('insert into halyard.revision (project, number, entry, commit) values ($1, $2, $3, $4)', [
    project,
    revision,
    entry,
    commit,
  ]);
}

export async function writeRows(
  tx: Tx,
  project: string,
  revision: number,
  wanted: readonly Wanted[],
): Promise<void> {
  const rows = wanted.map((row) => ({
    kind: row.kind ?? 'flag',
    key: row.key,
    environment: row.environment ?? null,
    body: row.body === undefined ? null : canonical(row.body),
    digest: digestOf(row) ?? null,
  }));
  const list = `jsonb_to_recordset($2::jsonb) as w (kind text, key text, environment text, body text, digest text)`;
  const values = [project, JSON.stringify(rows)];
  await tx.query(
    `delete from halyard.definition d using ${list}
     where w.environment is null and w.body is null and d.project = $1 and d.kind = w.kind and d.key = w.key`,
    values,
  );
  await tx.query(
    `insert into halyard.definition (project, kind, key, path, body, digest, revision)
     select $1, w.kind, w.key, w.key || '.yaml', w.body, w.digest, $3 from ${list}
     where w.environment is null and w.body is not null
     on conflict (project, kind, key) do update
     set body = excluded.body, digest = excluded.digest, revision = excluded.revision`,
    [...values, revision],
  );
  await tx.query(
    `insert into halyard.environment_definition (project, environment, kind, key, body, digest, revision, deleted)
     select $1, w.environment, w.kind, w.key, w.body, w.digest, $3, w.body is null from ${list}
     where w.environment is not null
     on conflict (project, environment, kind, key) do update
     set body = excluded.body, digest = excluded.digest, revision = excluded.revision, deleted = excluded.deleted`,
    [...values, revision],
  );
}

export async function writeHeads(
  tx: Tx,
  project: string,
  written: Entry,
  environments: string[],
): Promise<void> {
  for (const environment of environments) {
    const { rows } = await tx.query<{ kind: string; key: string; digest: string }>(
      `select kind, key, digest from halyard.environment_definition
       where project = $1 and environment = $2 and not deleted`,
      [project, environment],
    );
    await tx.query(
      `insert into halyard.snapshot_head (project, environment, revision, commit, digest, entry, entry_hash)
       values ($1, $2, $3, $4, $5, $6, $7)
       on conflict (project, environment) do update
       set revision = excluded.revision, commit = excluded.commit, digest = excluded.digest,
           entry = excluded.entry, entry_hash = excluded.entry_hash`,
      [
        project,
        environment,
        written.revision,
        written.commit,
        snapshotDigest(rows),
        written.entry,
        written.hash,
      ],
    );
  }
}

export function digestOf({ body }: Wanted): string | undefined {
  return body === undefined ? undefined : sha256Hex(canonical(body));
}

/** A flag as written, and in two environments. */
export function flag(key: string, value: unknown): Wanted[] {
  return [
    { key, body: { flag: key, value } },
    { key, environment: 'dev', body: { key, value, in: 'dev' } },
    { key, environment: 'prod', body: { key, value, in: 'prod' } },
  ];
}

/** The same flag, gone. */
export function noFlag(key: string): Wanted[] {
  return [{ key }, { key, environment: 'dev' }, { key, environment: 'prod' }];
}
