// Reads what the database says is applied: the project, its rows and its policy, and the rejected commits since the last applied one.
import { Policy, policyIn } from '../access/policy.ts';
import { NO_HASH } from '../audit/chain.ts';
import type { CommitContent } from '../audit/content.ts';
import { lockProject, type ProjectHead, type ProjectSource, readProject } from '../audit/store.ts';
import { type Row, rowId } from '../changes/row.ts';
import { wantedRows } from '../changes/wanted.ts';
import type { Pool, Queryable } from '../db/pool.ts';
import { type Tx, withTransaction } from '../db/transaction.ts';
import type { Definitions } from '../model/definition.ts';
import type { FlagBody } from '../model/snapshot.ts';
import { type Rejected, rejectedBy } from './rejected.ts';

export interface Applied {
  head: ProjectHead;
  /** By `rowId`; tombstones are left out. */
  rows: Map<string, Row>;
  /** The access policy that decides about the next commit. Absent where none is applied: everyone may. */
  policy?: Policy;
  /** Emergency overrides by their row, which commits carry along. */
  overrides: Map<string, NonNullable<FlagBody['override']>>;
  /** The rejected commits that the next applied one brings along, oldest first, each once. */
  carries: string[];
  /** The last judged commit, where it was rejected. */
  rejected?: Rejected;
}

/** A project that the database does not have yet. */
export function nothingApplied(project: string, source: ProjectSource): Applied {
  const head = { project, ...source, lastEntry: 0, lastHash: NO_HASH, lastRevision: 0 };
  return { head, rows: new Map(), overrides: new Map(), carries: [] };
}

/** The key and the last entry of the project that comes from a source, or that has a key. */
export async function findProject(
  database: Queryable,
  wanted: { source: ProjectSource } | { key: string },
): Promise<{ key: string; lastEntry: number } | undefined> {
  const { rows } =
    'key' in wanted
      ? await database.query<{ key: string; last_entry: number }>(
          `select p.key, p.last_entry from halyard.project p where p.key = $1`,
          [wanted.key],
        )
      : await database.query<{ key: string; last_entry: number }>(
          `select p.key, p.last_entry from halyard.project p where p.repository = $1 and p.path = $2
           order by (p.branch = $3) desc, p.key limit 1`,
          [wanted.source.repository, wanted.source.path, wanted.source.branch],
        );
  return rows[0] && { key: rows[0].key, lastEntry: rows[0].last_entry };
}

/** Everything about one project, as of one moment. */
export async function readApplied(pool: Pool, project: string): Promise<Applied | undefined> {
  return withTransaction(pool, {}, async (tx) => appliedAt(tx, await lockProject(tx, project)));
}

/** As `readApplied`, for those who write nothing and may not: in a transaction that reads one state of the database. */
export async function lookAtApplied(tx: Tx, project: string): Promise<Applied | undefined> {
  return appliedAt(tx, await readProject(tx, project));
}

async function appliedAt(tx: Tx, head: ProjectHead | undefined): Promise<Applied | undefined> {
  if (!head) return undefined;
  const { project } = head;
  const definitions = await readDefinitions(tx, project);
  const ofEnvironments = await readEnvironmentDefinitions(tx, project);
  const rows = new Map<string, Row>([...definitions, ...ofEnvironments].map((row) => [rowId(row), row]));
  const overrides = await readOverrides(tx, project);
  const policy = await readPolicy(tx, project);
  return { head, rows, overrides, ...(policy && { policy }), ...(await readRejected(tx, project)) };
}

/** What would be applied, had sync applied these definitions and nothing else; `commit` is where they were read. */
export function appliedOf(definitions: Definitions, commit: string, source: ProjectSource): Applied {
  const { head, ...nothing } = nothingApplied(definitions.project.project, source);
  const rows = new Map<string, Row>();
  for (const { body: _body, text: _text, ...row } of wantedRows(definitions)) rows.set(rowId(row), row);
  const policy = policyIn(definitions);
  return { ...nothing, head: { ...head, lastJudgedCommit: commit }, rows, ...(policy && { policy }) };
}

async function readDefinitions(tx: Tx, project: string): Promise<Row[]> {
  const { rows } = await tx.query<Required<Omit<Row, 'environment'>>>(
    `select d.kind, d.key, d.path, d.digest from halyard.definition d where d.project = $1`,
    [project],
  );
  return rows;
}

async function readEnvironmentDefinitions(tx: Tx, project: string): Promise<Row[]> {
  const { rows } = await tx.query<Required<Omit<Row, 'path'>>>(
    `select d.kind, d.key, d.environment, d.digest from halyard.environment_definition d
     where d.project = $1 and not d.deleted`,
    [project],
  );
  return rows;
}

/** Only flags have one. The text is a first sieve: a variation's value may look alike. */
async function readOverrides(tx: Tx, project: string): Promise<Applied['overrides']> {
  const { rows } = await tx.query<{ kind: string; key: string; environment: string; body: string }>(
    `select d.kind, d.key, d.environment, d.body from halyard.environment_definition d
     where d.project = $1 and d.kind = 'flag' and not d.deleted and d.body like '%"override":{%'`,
    [project],
  );
  const overrides: Applied['overrides'] = new Map();
  for (const row of rows) {
    const { override } = JSON.parse(row.body) as FlagBody;
    if (override) overrides.set(rowId(row), override);
  }
  return overrides;
}

async function readPolicy(tx: Tx, project: string): Promise<Policy | undefined> {
  const { rows } = await tx.query<{ body: string }>(
    `select d.body from halyard.definition d where d.project = $1 and d.kind = 'access'`,
    [project],
  );
  return rows[0] && new Policy(JSON.parse(rows[0].body));
}

async function readRejected(tx: Tx, project: string): Promise<Pick<Applied, 'carries' | 'rejected'>> {
  const { rows } = await tx.query<{ entry: number; commit: string }>(
    `select e.entry, e.summary ->> 'commit' as commit
     from halyard.audit_entry e
     where e.project = $1 and e.summary ->> 'action' = 'commit.rejected'
       and e.entry > coalesce((
         select max(a.entry) from halyard.audit_entry a
         where a.project = $1 and a.summary ->> 'action' = 'commit.applied'), 0)
     order by e.entry`,
    [project],
  );
  const last = rows.at(-1);
  if (!last) return { carries: [] };
  const { rows: contents } = await tx.query<{ content: string }>(
    `select e.content from halyard.audit_entry e where e.project = $1 and e.entry = $2`,
    [project, last.entry],
  );
  const rejected = rejectedBy(JSON.parse(contents[0]?.content ?? '') as CommitContent);
  return { carries: [...new Set(rows.map(({ commit }) => commit))], ...(rejected && { rejected }) };
}

/** The bodies of rows as they are applied, by `rowId`. */
export async function readBodies(
  database: Queryable,
  project: string,
  rows: readonly Row[],
): Promise<Map<string, string>> {
  if (rows.length === 0) return new Map();
  const { rows: found } = await database.query<Row & { environment: string; body: string }>(
    `with wanted as (
       select w.kind, w.key, w.environment
       from unnest($2::text[], $3::text[], $4::text[]) as w (kind, key, environment)
     )
     select w.kind, w.key, w.environment, d.body from wanted w
     join halyard.definition d on d.project = $1 and d.kind = w.kind and d.key = w.key
     where w.environment = ''
     union all
     select w.kind, w.key, w.environment, d.body from wanted w
     join halyard.environment_definition d
       on d.project = $1 and d.environment = w.environment and d.kind = w.kind and d.key = w.key
     where w.environment <> '' and not d.deleted`,
    [
      project,
      rows.map(({ kind }) => kind),
      rows.map(({ key }) => key),
      rows.map(({ environment = '' }) => environment),
    ],
  );
  return new Map(found.map((row) => [rowId(row), row.body]));
}
