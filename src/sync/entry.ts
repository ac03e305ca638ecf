// The audit entry of a judged commit. Pure.
import { CONTENT_VERSION, type CommitContent, MOST_PROBLEMS } from '../audit/content.ts';
import type { ProjectSource } from '../audit/store.ts';
import { bounded } from '../lib/bounded.ts';
import type { Change } from '../model/change.ts';
import type { Problem } from '../model/problem.ts';
import type { Judged } from './access.ts';

export interface EntryPlace {
  project: string;
  /** The number of the entry before; 0 for none. */
  lastEntry: number;
  /** 0 for none. */
  lastRevision: number;
  /** Rejected commits since the last applied one, oldest first, each once; this one may be among them. */
  carries: readonly string[];
  source: ProjectSource;
}

/** The entry's content. `described` are the changes in the audit's form. */
export function entryContent(judged: Judged, place: EntryPlace, described: Change[]): CommitContent {
  const { commit, signature, evidence, merged = [], mergedMore = 0 } = judged;
  const { path, branch } = place.source;
  return {
    v: CONTENT_VERSION,
    project: place.project,
    entry: place.lastEntry + 1,
    action: judged.type === 'applied' ? 'commit.applied' : 'commit.rejected',
    ...(described.length > 0 && { revision: place.lastRevision + 1 }),
    ...(place.lastEntry === 0 && { source: { path, branch } }),
    commit: commit.id,
    tree: commit.tree,
    parents: commit.parents,
    author: commit.author,
    committer: commit.committer,
    committedAt: commit.committedAt,
    subject: commit.subject,
    ...(commit.pullRequest !== undefined && { pullRequest: commit.pullRequest }),
    signature,
    evidence,
    ...(merged.length > 0 && { merged }),
    ...(mergedMore > 0 && { mergedMore }),
    carries: judged.type === 'applied' ? place.carries.filter((carried) => carried !== commit.id) : [],
    changes: described,
    problems: judged.type === 'rejected' ? judged.problems.slice(0, MOST_PROBLEMS).map(kept) : [],
  };
}

/** The audit keeps where and what, and no message that may quote a value. */
function kept({ code, file, line, column }: Problem): CommitContent['problems'][number] {
  return { code, file: bounded(file), line, column };
}
