// Reading the audit: entries newest first, a page at a time, and one entry whole.
import type { Queryable } from '../db/pool.ts';
import { UsageError } from '../lib/errors.ts';
import { printable } from '../lib/printable.ts';
import type { EntryContent } from './content.ts';

export const PAGE_SIZE = 50;

/** What an entry must have to be listed; all of them that are given. */
export interface LogFilter {
  project: string;
  /** The key of a flag that it changed. */
  flag?: string;
  /** An environment in which it changed something. */
  environment?: string;
  /** A part of the author's or actor's name or mail, or of the person whose signature it is; upper and lower case alike. */
  author?: string;
  /** Recorded at or after this instant. */
  since?: Date;
  /** Only entries before this one: the last number of the page before. */
  before?: number;
}

/** A content without its long lists. */
export type EntrySummary = {
  [Case in EntryContent as Case['action']]: Omit<Case, LongList>;
}[EntryContent['action']];
type LongList = 'changes' | 'problems' | 'evidence';

export interface LogEntry {
  entry: number;
  hash: string;
  recordedAt: Date;
  summary: EntrySummary;
  /** What changed, a line each definition, sorted by kind and key. */
  changes: ChangedDefinition[];
  /** How many problems a rejected commit has. */
  problems: number;
}

export interface ChangedDefinition {
  kind: string;
  key: string;
  /** Sorted; empty for a definition that is served nowhere. */
  environments: string[];
}

export interface WholeEntry {
  entry: number;
  previousHash: string;
  hash: string;
  recordedAt: Date;
  content: EntryContent;
}

/** Newest first, at most PAGE_SIZE. */
export async function listEntries(connection: Queryable, filter: LogFilter): Promise<LogEntry[]> {
  const { rows } = await connection.query<Omit<LogEntry, 'changes'>>(
    `select e.entry, e.hash, e.recorded_at as "recordedAt", e.summary,
       case when e.summary ->> 'action' = 'commit.rejected'
         then jsonb_array_length(e.content::jsonb -> 'problems') else 0 end as problems
     from halyard.audit_entry e
     where e.project = $1
       and ($2::integer is null or e.entry < $2)
       and ($3::timestamptz is null or e.recorded_at >= $3)
       and ($4::text is null
         or strpos(lower(concat_ws(' ', e.summary ->> 'author', e.summary ->> 'actor',
           e.summary -> 'signature' ->> 'person')), lower($4)) > 0)
       and ($5::text is null or exists (
         select from halyard.audit_change c
         where c.project = e.project and c.entry = e.entry and c.kind = 'flag' and c.key = $5
           and ($6::text is null or c.environment = $6)))
       and ($6::text is null or exists (
         select from halyard.audit_change c
         where c.project = e.project and c.entry = e.entry and c.environment = $6))
     order by e.entry desc limit ${PAGE_SIZE}`,
    [filter.project, filter.before, filter.since, filter.author, filter.flag, filter.environment],
  );
  const changes = await changedDefinitions(
    connection,
    filter.project,
    rows.map(({ entry }) => entry),
  );
  return rows.map((row) => ({ ...row, changes: changes.get(row.entry) ?? [] }));
}

async function changedDefinitions(
  connection: Queryable,
  project: string,
  entries: number[],
): Promise<Map<number, ChangedDefinition[]>> {
  const { rows } = await connection.query<ChangedDefinition & { entry: number }>(
    `select c.entry, c.kind, c.key,
       coalesce(array_agg(c.environment order by c.environment) filter (where c.environment is not null), '{}')
         as environments
     from halyard.audit_change c
     where c.project = $1 and c.entry = any ($2::integer[])
     group by c.entry, c.kind, c.key
     order by c.entry, c.kind, c.key`,
    [project, entries],
  );
  const byEntry = Map.groupBy(rows, ({ entry }) => entry);
  return new Map(
    [...byEntry].map(([entry, changes]) => [
      entry,
      changes.map(({ kind, key, environments }) => ({ kind, key, environments })),
    ]),
  );
}

/** One entry with its diff and its evidence; undefined where the project has no such entry. */
export async function readEntry(
  connection: Queryable,
  project: string,
  entry: number,
): Promise<WholeEntry | undefined> {
  const { rows } = await connection.query<Omit<WholeEntry, 'content'> & { content: string }>(
    `select e.entry, e.previous_hash as "previousHash", e.hash, e.recorded_at as "recordedAt", e.content
     from halyard.audit_entry e where e.project = $1 and e.entry = $2`,
    [project, entry],
  );
  const row = rows[0];
  return row && { ...row, content: JSON.parse(row.content) as EntryContent };
}

/** The keys of all projects in the database, sorted. */
export async function listProjects(connection: Queryable): Promise<string[]> {
  const { rows } = await connection.query<{ key: string }>(
    'select p.key from halyard.project p order by p.key',
  );
  return rows.map(({ key }) => key);
}

/** The project that a command means: the one that is named, else the only one there is. Throws UsageError. */
export async function chooseProject(connection: Queryable, named?: string): Promise<string> {
  const projects = await listProjects(connection);
  const list = projects.map((key) => printable(key)).join(', ') || 'none yet: `halyard sync` makes them';
  if (named !== undefined) {
    if (projects.includes(named)) return named;
    throw new UsageError(`the database has no project ${named}. It has: ${list}.`);
  }
  const [only, ...others] = projects;
  if (only !== undefined && others.length === 0) return only;
  throw new UsageError(
    only === undefined
      ? 'the database has no project yet: `halyard sync` makes one.'
      : `the database has several projects. Name one with --project: ${list}.`,
  );
}
