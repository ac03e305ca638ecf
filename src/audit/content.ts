// What an audit entry says: the content that is hashed. Strings and safe integers only, and no clock but a commit's or an operator's own.
import type { Change } from '../model/change.ts';
import type { Evidence, MergedCommit, Signature } from '../model/evidence.ts';

/**
 * The version of the rules and of the normal form by which entries are made now. 1: signatures were not verified, and
 * there were no policies. 2: as below.
 */
export const CONTENT_VERSION = 2;

/** More commits that a merge brings in are counted, and not listed. */
export const MOST_MERGED = 500;
/** More approvals of one tree are not looked at. */
export const MOST_EVIDENCE = 100;
/** More problems of one commit are not listed: a few lines of a file can be wrong in thousands of places. */
export const MOST_PROBLEMS = 500;

export type Action = EntryContent['action'];

/** What a commit did. It follows from git, the policy and the entry before, so anyone with the repository can derive it again. */
export interface CommitContent {
  v: number;
  project: string;
  entry: number;
  /** A rejected one has problems, and neither revision nor changes. An applied one may have changed no row. */
  action: 'commit.applied' | 'commit.rejected';
  /** Present if and only if there are changes. */
  revision?: number;
  /** Entry 1 alone: where in the repository the definitions are. Never a URL. */
  source?: { path: string; branch: string };
  commit: string;
  tree: string;
  parents: string[];
  /** `Name <mail>`, as the commit says. */
  author: string;
  committer: string;
  /** RFC 3339, UTC. */
  committedAt: string;
  subject: string;
  pullRequest?: number;
  /** Judged by the policy that was applied before this entry, as all evidence is. */
  signature: Signature;
  /**
   * Approvals and a forge's records for this very tree, embedded whole, and the message's `Reviewed-by:` trailers:
   * approvals first, by statement and signature; then the forge's, by reviewer and time; trailers in their order. At most MOST_EVIDENCE.
   */
  evidence: Evidence[];
  /**
   * Of a merge: the commits that its other parents bring in and that touch the definitions, in the order of
   * `git rev-list --full-history --topo-order`; at most MOST_MERGED. Absent where there are none.
   */
  merged?: MergedCommit[];
  /** How many more there are. Absent for none. */
  mergedMore?: number;
  /**
   * Of an applied one: the rejected commits since the last applied one, oldest first, each once, without this one. Their
   * changes come along. None of a rejected one, which brings nothing: else a thousand refusals in a row would list each other.
   */
  carries: string[];
  /** Sorted by kind, key, environment; definitions (without environment) first. */
  changes: Change[];
  /** Sorted as they are told; the first MOST_PROBLEMS. */
  problems: EntryProblem[];
}

/** The branch no longer holds the last judged commit; or an operator has accepted that. */
export interface HistoryContent {
  v: number;
  project: string;
  entry: number;
  action: 'history.diverged' | 'history.accepted';
  /** The head of the branch as it was seen, or as it is accepted. */
  commit: string;
  /** The last judged commit, which the branch no longer holds. */
  base: string;
  /** RFC 3339, UTC. */
  at: string;
  actor: string;
  changes: [];
}

/** An emergency override, set or lifted past git. */
export interface OverrideContent {
  v: number;
  project: string;
  entry: number;
  action: 'override.set' | 'override.lifted';
  revision: number;
  flag: string;
  environment: string;
  /** The variation that is served, for one that is set. */
  serve?: string;
  /** RFC 3339, UTC, for one that is set. */
  until?: string;
  reason: string;
  /** RFC 3339, UTC. */
  at: string;
  /** The signer's person in the applied policy, else who ran the command. */
  actor: string;
  /** What was found of `seal`. */
  signature: Signature;
  /**
   * The armored SSH signature, namespace `halyard-override`, over `overrideStatement(content, previousHash)`: all of the
   * content that the operator chose, and the hash that it follows. Absent where no key was given.
   */
  seal?: string;
  changes: Change[];
}

export type EntryContent = CommitContent | HistoryContent | OverrideContent;

/** A problem as the audit keeps it: a stable code and a place, no message that may quote a value. */
export interface EntryProblem {
  code: string;
  file: string;
  line: number;
  column: number;
}
