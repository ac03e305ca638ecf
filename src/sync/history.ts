// Entries about a rewritten history: that the branch has lost what was judged, and that someone accepts it as it is.
import { CONTENT_VERSION, type HistoryContent } from '../audit/content.ts';
import type { ProjectHead } from '../audit/store.ts';

/** The commit after which commits are judged: the last judged one, or a head that was accepted since. */
export function baseOf(head: ProjectHead): { commit: string; accepted: boolean } | undefined {
  if (head.history?.action === 'history.accepted') return { commit: head.history.commit, accepted: true };
  if (head.lastJudgedCommit === undefined) return undefined;
  return { commit: head.lastJudgedCommit, accepted: false };
}

/** The next entry, by a person or a service (`actor`) at a time (RFC 3339). */
export function historyContent(
  head: ProjectHead,
  action: HistoryContent['action'],
  commit: string,
  { actor, at }: { actor: string; at: string },
): HistoryContent {
  const base = head.lastJudgedCommit;
  if (base === undefined) throw new Error('a project without a judged commit has no history to lose');
  const { project, lastEntry } = head;
  return { v: CONTENT_VERSION, project, entry: lastEntry + 1, action, commit, base, at, actor, changes: [] };
}
