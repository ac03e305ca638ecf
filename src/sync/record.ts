// Records a judgement: makes its entry, writes it, and says what is applied afterwards.
import { entryHash } from '../audit/chain.ts';
import type { CommitContent, EntryContent } from '../audit/content.ts';
import type { ProjectSource } from '../audit/store.ts';
import { describeChanges, type RowChange, rowOf } from '../changes/diff.ts';
import { type Row, rowId } from '../changes/row.ts';
import { personalAttributes } from '../changes/value-text.ts';
import type { Pool, Queryable } from '../db/pool.ts';
import type { Change } from '../model/change.ts';
import { type Applied, readBodies } from './applied.ts';
import { applyEntry, type WrittenEntry } from './apply.ts';
import type { SyncEvent } from './event.ts';
import { entryContent, type Judgement } from './judge.ts';

/** An entry that was sent and whose reply has not come: the chain says what became of it. */
export interface PendingEntry {
  content: CommitContent;
  /** The hash of the entry before. */
  previousHash: string;
  event: SyncEvent;
}

/** Writes the judgement after what is applied, and resolves to what is applied then. `onSent` hears of the entry before it is sent. */
export async function recordJudgement(
  pool: Pool,
  source: ProjectSource,
  applied: Applied,
  judgement: Judgement,
  onSent: (pending: PendingEntry) => void,
): Promise<{ applied: Applied; event: SyncEvent }> {
  const { head } = applied;
  const changes = judgement.type === 'applied' ? judgement.changes : [];
  const described = await describe(pool, applied, changes);
  const content = entryContent(judgement, { ...head, rejected: applied.rejected, source }, described);
  const event = eventOf(content, judgement);
  onSent({ content, previousHash: head.lastHash, event });
  const wanted = judgement.type === 'applied' ? judgement.wanted : [];
  const written = await applyEntry(pool, source, head.lastEntry, content, { changes, wanted });
  return { applied: afterwards(applied, content, written, changes), event };
}

/** Whether the chain holds the entry: then its reply was lost, and not the entry itself. */
export async function wasWritten(
  database: Queryable,
  { content, previousHash }: { content: EntryContent; previousHash: string },
): Promise<boolean> {
  const { rows } = await database.query<{ hash: string }>(
    `select e.hash from halyard.audit_entry e where e.project = $1 and e.entry = $2`,
    [content.project, content.entry],
  );
  return rows[0]?.hash === entryHash(previousHash, content);
}

async function describe(pool: Pool, applied: Applied, changes: readonly RowChange[]): Promise<Change[]> {
  const { project } = applied.head;
  const projectRow: Row = { kind: 'project', key: project, digest: '' };
  const updated = changes.flatMap(({ before, after }) => (before && after ? [before] : []));
  const bodies = await readBodies(pool, project, updated.length === 0 ? [] : [...updated, projectRow]);
  const declared = changes.find((change) => rowId(rowOf(change)) === rowId(projectRow))?.after?.body;
  const personal = personalAttributes(JSON.parse(bodies.get(rowId(projectRow)) ?? 'null'), declared);
  return describeChanges(changes, (row) => bodies.get(rowId(row)) ?? '', personal);
}

function eventOf(content: CommitContent, judgement: Judgement): SyncEvent {
  const { project, entry, commit, author, subject, revision, changes } = content;
  const judged = { project, entry, commit, author, subject };
  if (judgement.type === 'rejected') return { type: 'rejected', ...judged, problems: judgement.problems };
  return { type: 'applied', ...judged, ...(revision !== undefined && { revision }), changes };
}

function afterwards(
  applied: Applied,
  content: CommitContent,
  { entry, hash }: WrittenEntry,
  changes: readonly RowChange[],
): Applied {
  for (const change of changes) {
    const id = rowId(rowOf(change));
    const { after } = change;
    if (after) {
      const { body: _, text: __, ...row } = after;
      applied.rows.set(id, row);
    } else {
      applied.rows.delete(id);
      applied.overrides.delete(id);
    }
  }
  const { history: _, ...head } = applied.head;
  return {
    ...applied,
    head: {
      ...head,
      lastEntry: entry,
      lastHash: hash,
      lastRevision: content.revision ?? head.lastRevision,
      lastJudgedCommit: content.commit,
    },
    rejected: content.action === 'commit.rejected' ? [...applied.rejected, content.commit] : [],
    lastAction: content.action,
  };
}
