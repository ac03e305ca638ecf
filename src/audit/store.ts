// Writing the audit: the project's head row, and entries appended to its chain inside the transaction that they tell of.
import assert from 'node:assert/strict';
import type { Tx } from '../db/transaction.ts';
import { contentText, NO_HASH, textHash } from './chain.ts';
import type { CommitContent, EntryContent, HistoryContent } from './content.ts';

/** Where a project's definitions come from. The repository as it may be shown: without user and password. */
export interface ProjectSource {
  repository: string;
  path: string;
  branch: string;
}

/** The project's row, locked until the transaction ends, with the ends of its chain. */
export interface ProjectHead extends ProjectSource {
  project: string;
  /** 0 for a project that was created in this transaction. */
  lastEntry: number;
  lastHash: string;
  /** 0 while nothing was ever applied. */
  lastRevision: number;
  /** The commit of the latest `commit.applied` or `commit.rejected`. */
  lastJudgedCommit?: string;
  /** The latest `history.…` entry, if no commit was judged since: diverged means halt, accepted means judge `commit`. */
  history?: Pick<HistoryContent, 'action' | 'commit' | 'entry'>;
}

/** Locks the project's row, so that no other transaction appends to its chain, and reads its head. */
export async function lockProject(tx: Tx, project: string): Promise<ProjectHead | undefined> {
  return readHead(tx, project, 'for no key update');
}

/** Reads the head, of one state of the database where the transaction is a repeatable read. */
export async function readProject(tx: Tx, project: string): Promise<ProjectHead | undefined> {
  return readHead(tx, project, '');
}

async function readHead(
  tx: Tx,
  project: string,
  lock: '' | 'for no key update',
): Promise<ProjectHead | undefined> {
  const locked = await tx.query<ProjectRow>(
    `select p.repository, p.path, p.branch, p.last_entry, p.last_judged_commit
     from halyard.project p where p.key = $1 ${lock}`,
    [project],
  );
  const row = locked.rows[0];
  if (row === undefined) return undefined;
  // A statement of its own, since it must see what the transaction that held the lock has committed.
  const ends = await tx.query<ChainEnds>(
    `select
       (select e.hash from halyard.audit_entry e where e.project = $1 and e.entry = $2) as last_hash,
       (select max(r.number) from halyard.revision r where r.project = $1) as last_revision,
       (select jsonb_build_object('action', h.summary -> 'action', 'commit', h.summary -> 'commit', 'entry', h.entry)
        from halyard.audit_entry h
        where h.project = $1 and h.summary ->> 'action' in ('history.diverged', 'history.accepted')
          and h.entry > coalesce((
            select max(j.entry) from halyard.audit_entry j
            where j.project = $1 and j.summary ->> 'action' in ('commit.applied', 'commit.rejected')), 0)
        order by h.entry desc limit 1) as history`,
    [project, row.last_entry],
  );
  return headOf(project, row, ends.rows[0] as ChainEnds);
}

/**
 * Makes the project's row, which must have its first entry in the same transaction. Where another transaction has
 * made it meanwhile, resolves to the head that that one left (`lastEntry` is then not 0).
 */
export async function createProject(tx: Tx, project: string, source: ProjectSource): Promise<ProjectHead> {
  await tx.query(
    `insert into halyard.project (key, repository, path, branch) values ($1, $2, $3, $4) on conflict (key) do nothing`,
    [project, source.repository, source.path, source.branch],
  );
  const head = await lockProject(tx, project);
  assert(head, 'a project that was just made is there');
  return head;
}

/**
 * Appends the next entry to the chain: writes audit_entry, one audit_change a change, and the project's row, which
 * takes repository, path and branch from `head`. At most one entry a project and transaction.
 * `content.entry` must be `head.lastEntry + 1`. The revision row of an entry that has one is the caller's.
 */
export async function appendEntry(
  tx: Tx,
  head: ProjectHead,
  content: EntryContent,
): Promise<{ entry: number; hash: string }> {
  const { project, entry } = content;
  assert.equal(project, head.project);
  assert.equal(entry, head.lastEntry + 1);
  const text = contentText(content);
  const hash = textHash(head.lastHash, text);
  await tx.query(
    `insert into halyard.audit_entry (project, entry, previous_hash, content, hash) values ($1, $2, $3, $4, $5)`,
    [project, entry, head.lastHash, text, hash],
  );
  if (content.changes.length > 0) await insertChanges(tx, project, entry);
  await tx.query(
    `update halyard.project
     set last_entry = $2, last_judged_commit = $3, repository = $4, path = $5, branch = $6 where key = $1`,
    [project, entry, judgedCommit(head, content) ?? null, head.repository, head.path, head.branch],
  );
  return { entry, hash };
}

/** From the content that was just written, so that the list of changes travels once. */
async function insertChanges(tx: Tx, project: string, entry: number): Promise<void> {
  await tx.query(
    `insert into halyard.audit_change (project, entry, kind, key, environment, before, after)
     select e.project, e.entry, c.kind, c.key, c.environment, c.before, c.after
     from halyard.audit_entry e
     cross join lateral jsonb_to_recordset(e.content::jsonb -> 'changes')
       as c (kind text, key text, environment text, before text, after text)
     where e.project = $1 and e.entry = $2`,
    [project, entry],
  );
}

function judgedCommit(head: ProjectHead, content: EntryContent): string | undefined {
  return isJudgement(content) ? content.commit : head.lastJudgedCommit;
}

function isJudgement(content: EntryContent): content is CommitContent {
  return content.action === 'commit.applied' || content.action === 'commit.rejected';
}

interface ProjectRow {
  repository: string;
  path: string;
  branch: string;
  last_entry: number;
  last_judged_commit: string | null;
}

interface ChainEnds {
  last_hash: string | null;
  last_revision: number | null;
  history: Pick<HistoryContent, 'action' | 'commit' | 'entry'> | null;
}

function headOf(project: string, row: ProjectRow, ends: ChainEnds): ProjectHead {
  return {
    project,
    repository: row.repository,
    path: row.path,
    branch: row.branch,
    lastEntry: row.last_entry,
    lastHash: ends.last_hash ?? NO_HASH,
    lastRevision: ends.last_revision ?? 0,
    ...(row.last_judged_commit !== null && { lastJudgedCommit: row.last_judged_commit }),
    ...(ends.history !== null && { history: ends.history }),
  };
}
