// What entries say on somebody's word alone, counted: it cannot be derived. Pure.
import type { EntryContent } from '../content.ts';

export interface Taken {
  /** Rewritten histories that somebody accepted. */
  histories: number;
  /** A forge's records of reviews. */
  reviews: number;
  /** Approvals that are said to have been over when they were first seen. */
  expired: number;
}

/** Adds what an entry says so. */
export function take(taken: Taken, content: EntryContent): void {
  if (content.action === 'history.accepted') taken.histories += 1;
  if (!('evidence' in content)) return;
  for (const piece of content.evidence) {
    if (piece.kind === 'approval') taken.expired += piece.expired ? 1 : 0;
    else if (piece.kind !== 'trailer') taken.reviews += 1;
  }
}
