// Verifies the audit: walks each chain, compares it with all that follows from it, and looks whether the guards still stand.
import { guardFault, readGuards } from '../db/guards.ts';
import type { Pool, Queryable } from '../db/pool.ts';
import { type Tx, withTransaction } from '../db/transaction.ts';
import { UsageError } from '../lib/errors.ts';
import { canonical } from '../lib/json.ts';
import { type Break, broken } from './break.ts';
import { textHash } from './chain.ts';
import { chainBreak, type Link } from './chain-break.ts';
import type { EntryContent } from './content.ts';
import { Replay, type StoredChange } from './replay.ts';
import { servedBreak } from './served.ts';
import { readServed } from './served-rows.ts';

export interface VerifiedProject {
  project: string;
  entries: number;
  /** The hash of the last entry; absent without entries. */
  hash?: string;
}

export interface Verification {
  /** The projects that were looked at, up to the broken one. */
  projects: VerifiedProject[];
  /** The first break. `project` is absent for one of the whole database. */
  break?: Break & { project?: string };
}

/** Entries read at a time: the first one of a large project may alone be megabytes. */
const BATCH = 20;

/**
 * Looks at one state of the database, and changes nothing.
 * @param project one of its projects; all, if left out. Throws UsageError where there is none of that name
 */
export async function verifyAudit(pool: Pool, project?: string): Promise<Verification> {
  return withTransaction(pool, { isolation: 'repeatable read', readOnly: true }, (tx) =>
    verifyIn(tx, project),
  );
}

/** The same inside a transaction, whose search_path it sets. */
export async function verifyIn(tx: Tx, project?: string): Promise<Verification> {
  await tx.query('set local search_path = pg_catalog, pg_temp');
  const present = await namedProjects(tx);
  if (project !== undefined && !present.includes(project)) {
    throw new UsageError(
      `the database has no project ${project}. It has: ${present.join(', ') || 'none yet'}.`,
    );
  }
  const projects: VerifiedProject[] = [];
  for (const key of project === undefined ? present : [project]) {
    const { found, ...verified } = await verifyProject(tx, key);
    projects.push(verified);
    if (found) return { projects, break: { ...found, project: key } };
  }
  const fault = guardFault(await readGuards(tx));
  return fault === undefined ? { projects } : { projects, break: broken('triggers-off', fault) };
}

async function verifyProject(
  connection: Queryable,
  project: string,
): Promise<VerifiedProject & { found?: Break }> {
  const { links, replay, replayBreak } = await walk(connection, project);
  const named = await namedEntries(connection, project);
  const served = await readServed(connection, project);
  const found =
    (named ? undefined : broken('deleted', 'the row of the project is gone')) ??
    chainBreak(links, named?.last ?? 0, named?.lastNamed ?? 0) ??
    replayBreak ??
    servedBreak(
      served,
      replay,
      links.map(({ hash }) => hash),
    );
  const hash = links.at(-1)?.hash;
  return { project, entries: links.length, ...(hash !== undefined && { hash }), ...(found && { found }) };
}

interface Walked {
  links: Link[];
  replay: Replay;
  /** What the entries themselves belie; it counts only if the chain is whole. */
  replayBreak?: Break;
}

async function walk(connection: Queryable, project: string): Promise<Walked> {
  const walked: Walked = { links: [], replay: new Replay() };
  for (let after = 0; ; ) {
    const batch = await readBatch(connection, project, after);
    if (batch.length === 0) return walked;
    after = batch.at(-1)?.entry ?? after;
    const changes = await readChanges(connection, project, batch[0]?.entry ?? 0, after);
    for (const row of batch) step(walked, project, row, changes.get(row.entry) ?? []);
  }
}

interface StoredEntry {
  entry: number;
  previousHash: string;
  hash: string;
  content: string;
  summary: object;
}

function step(walked: Walked, project: string, row: StoredEntry, changes: StoredChange[]): void {
  const { entry, previousHash, hash } = row;
  const content = readContent(row.content);
  const fault = content ? contentFault(content, row, project) : 'its content cannot be read';
  walked.links.push({
    entry,
    previousHash,
    hash,
    computed: textHash(previousHash, row.content),
    ...(content && { number: content.entry }),
    ...(fault !== undefined && { fault }),
  });
  // After a break, and in a content that is none, there is nothing to replay.
  if (walked.replayBreak || !content || fault !== undefined) return;
  const found = walked.replay.add(content, changes);
  if (found) walked.replayBreak = found;
}

function readContent(text: string): EntryContent | undefined {
  try {
    const content = JSON.parse(text) as EntryContent;
    return Number.isSafeInteger(content.entry) && Array.isArray(content.changes) ? content : undefined;
  } catch {
    return undefined;
  }
}

function contentFault(content: EntryContent, row: StoredEntry, project: string): string | undefined {
  if (content.project !== project) return `it is of project ${content.project}`;
  if (canonical(content) !== row.content) return 'its content is not in canonical form';
  const { changes: _changes, ...withoutChanges } = content;
  const { problems: _problems, evidence: _evidence, ...summary } = withoutChanges as Record<string, unknown>;
  return canonical(summary) === canonical(row.summary)
    ? undefined
    : 'its summary does not follow from its content';
}

async function readBatch(connection: Queryable, project: string, after: number): Promise<StoredEntry[]> {
  const { rows } = await connection.query<StoredEntry>(
    `select e.entry, e.previous_hash as "previousHash", e.hash, e.content, e.summary
     from halyard.audit_entry e where e.project = $1 and e.entry > $2 order by e.entry limit ${BATCH}`,
    [project, after],
  );
  return rows;
}

async function readChanges(
  connection: Queryable,
  project: string,
  first: number,
  last: number,
): Promise<Map<number, StoredChange[]>> {
  const { rows } = await connection.query<StoredChange>(
    `select c.entry, c.kind, c.key, c.environment, c.before, c.after
     from halyard.audit_change c where c.project = $1 and c.entry between $2 and $3`,
    [project, first, last],
  );
  return Map.groupBy(rows, ({ entry }) => entry);
}

/** Every project that any row names, should the project's own row be gone. */
async function namedProjects(connection: Queryable): Promise<string[]> {
  const { rows } = await connection.query<{ key: string }>(
    `select p.key from halyard.project p union select e.project from halyard.audit_entry e
     union select h.project from halyard.snapshot_head h order by key`,
  );
  return rows.map(({ key }) => key);
}

interface NamedEntries {
  /** By the project's own row. */
  last: number;
  /** The highest that any row names. */
  lastNamed: number;
}

async function namedEntries(connection: Queryable, project: string): Promise<NamedEntries | undefined> {
  const { rows } = await connection.query<NamedEntries>(
    `select p.last_entry as last, greatest(p.last_entry,
       (select max(c.entry) from halyard.audit_change c where c.project = p.key),
       (select max(r.entry) from halyard.revision r where r.project = p.key),
       (select max(h.entry) from halyard.snapshot_head h where h.project = p.key)) as "lastNamed"
     from halyard.project p where p.key = $1`,
    [project],
  );
  return rows[0];
}
