// What sync tells whoever runs it, as it happens.
import type { Change } from '../model/change.ts';
import type { Signature } from '../model/evidence.ts';
import type { Problem } from '../model/problem.ts';

/** A commit that was judged, with the entry that says so. */
interface JudgedCommit {
  project: string;
  entry: number;
  commit: string;
  /** `Name <mail>`. */
  author: string;
  subject: string;
  /** As the applied policy judges it. */
  signature: Signature;
  /** Who approved and may, sorted. */
  approvedBy: string[];
}

export type SyncEvent =
  /** Without a revision the commit changed nothing that is applied. */
  | ({ type: 'applied'; revision?: number; changes: Change[] } & JudgedCommit)
  | ({ type: 'rejected'; problems: Problem[] } & JudgedCommit)
  /** The branch no longer holds the last judged commit. Sync halts. */
  | { type: 'diverged'; project: string; entry: number; commit: string; base: string }
  /** Someone accepted the branch as it is. Sync goes on. */
  | { type: 'accepted'; project: string; entry: number; commit: string }
  /** The first head names no project, so nothing can be recorded. */
  | { type: 'unnamed'; commit: string; problems: Problem[] }
  /** The branch holds what git or its mirror does not take, and so nothing of its head is known. */
  | { type: 'refused'; reason: string }
  /** Git or PostgreSQL does not answer. Told once, not at every attempt. */
  | { type: 'failed'; error: unknown }
  | { type: 'recovered' }
  /** The newest entry has its checkpoint in the ref. */
  | { type: 'checkpointed'; project: string; entry: number; ref: string }
  /** It has none yet, which keeps nothing from being applied. Told once for each reason. */
  | { type: 'checkpoint-failed'; error: unknown };

/** How a trip ended: whether the branch's head is what is applied. */
export type TripOutcome = 'applied' | 'rejected' | 'diverged' | 'unnamed' | 'refused';
