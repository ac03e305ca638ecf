// Records a judgement: makes its entry, writes it, and says what is applied afterwards.

import { Policy } from '../access/policy.ts';
import { entryHash } from '../audit/chain.ts';
import type { CommitContent, EntryContent } from '../audit/content.ts';
import type { ProjectSource } from '../audit/store.ts';
import { describeChanges, type RowChange, rowOf } from '../changes/diff.ts';
import { type Row, rowId } from '../changes/row.ts';
import { personalAttributes } from '../changes/value-text.ts';
import type { Pool, Queryable } from '../db/pool.ts';
import type { Change } from '../model/change.ts';
import type { AccessDefinition } from '../model/definitions.gen.ts';
import type { Judged } from './access.ts';
import { type Applied, readBodies } from './applied.ts';
import { applyEntry, type WrittenEntry } from './apply.ts';
import { entryContent } from './entry.ts';
import type { SyncEvent } from './event.ts';
import { rejectedBy } from './rejected.ts';

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
  judged: Judged,
  onSent: (pending: PendingEntry) => void,
): Promise<{ applied: Applied; event: SyncEvent }> {
  const { head } = applied;
  const changes = judged.type === 'applied' ? judged.changes : [];
  const described = await describe(pool, applied, changes);
  const content = entryContent(judged, { ...head, carries: applied.carries, source }, described);
  const event = eventOf(content, judged);
  onSent({ content, previousHash: head.lastHash, event });
  const wanted = judged.type === 'applied' ? judged.wanted : [];
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

function eventOf(content: CommitContent, judged: Judged): SyncEvent {
  const { project, entry, commit, author, subject, signature, revision, changes } = content;
  const { approvedBy } = judged;
  const told = { project, entry, commit, author, subject, signature, approvedBy };
  if (judged.type === 'rejected') return { type: 'rejected', ...told, problems: judged.problems };
  return { type: 'applied', ...told, ...(revision !== undefined && { revision }), changes };
}

/**
 * What will be applied once a judgement is recorded, as far as the next judgement depends on it. Nothing is written; the
 * rows of `applied` are changed.
 */
export function foreseen(applied: Applied, judged: Judged): Applied {
  const { head, carries } = applied;
  const content = entryContent(judged, { ...head, carries, source: head }, []);
  const written = { entry: content.entry, hash: head.lastHash };
  return afterwards(applied, content, written, judged.type === 'applied' ? judged.changes : []);
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
  const policy = policyAfter(applied.policy, changes);
  const rejected = rejectedBy(content);
  const { history: _, ...head } = applied.head;
  return {
    rows: applied.rows,
    overrides: applied.overrides,
    ...(policy && { policy }),
    ...(rejected && { rejected }),
    head: {
      ...head,
      lastEntry: entry,
      lastHash: hash,
      lastRevision: content.revision ?? head.lastRevision,
      lastJudgedCommit: content.commit,
    },
    carries: rejected
      ? [...applied.carries.filter((carried) => carried !== content.commit), content.commit]
      : [],
  };
}

/** The policy that decides about the next commit. */
function policyAfter(before: Policy | undefined, changes: readonly RowChange[]): Policy | undefined {
  const change = changes.find((each) => rowOf(each).kind === 'access');
  if (!change) return before;
  return change.after && new Policy(change.after.body as AccessDefinition);
}
