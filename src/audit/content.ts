// What an audit entry says: the content that is hashed. Strings and safe integers only, and no clock but a commit's or an operator's own.
import type { Change } from '../model/change.ts';

/** The version of the rules and of the normal form by which entries are made now. */
export const CONTENT_VERSION = 1;

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
  signature: Signature;
  /** Approvals and a forge's records, embedded whole. */
  evidence: Evidence[];
  /** Rejected commits under this one, whose changes it brings along. */
  carries: string[];
  /** Sorted by kind, key, environment; definitions (without environment) first. */
  changes: Change[];
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
  actor: string;
  signature: Signature;
  changes: Change[];
}

export type EntryContent = CommitContent | HistoryContent | OverrideContent;

/** `unsigned`; `unverified`: a signature that nobody has judged; `valid` and `invalid`: judged against its key. */
export interface Signature {
  status: 'unsigned' | 'unverified' | 'valid' | 'invalid';
  /** The signing key, `SHA256:…` for SSH. */
  fingerprint?: string;
}

/** One approval or forge record. `kind` names its form. */
export interface Evidence {
  kind: string;
  [field: string]: ContentValue;
}

/** A problem as the audit keeps it: a stable code and a place, no message that may quote a value. */
export interface EntryProblem {
  code: string;
  file: string;
  line: number;
  column: number;
}

export type ContentValue = string | number | boolean | ContentValue[] | { [field: string]: ContentValue };
