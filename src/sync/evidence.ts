// What speaks for a commit besides its own signature: the port through which sync looks for approvals and a forge's reviews.
import type { Policy } from '../access/policy.ts';
import type { Commit } from '../git/commit.ts';
import type { UnreachableError } from '../lib/errors.ts';
import type { ApprovalEvidence, ForgeEvidence } from '../model/evidence.ts';

export interface EvidenceQuestion {
  project: string;
  /** The definitions' tree that is to be approved. Evidence about another one is of no use. */
  tree: string;
  /**
   * Commits that have this tree, whose pull requests may hold reviews: the one that is judged first, and the head if it is
   * an empty commit that may answer for it. One or two.
   */
  commits: readonly Commit[];
  /** The ids of the commits right after the first one that have this tree too: its pull request may have brought them along. */
  later: readonly string[];
  /** Whose keys an approval's signature is judged by. */
  policy: Policy;
}

export interface Gathered {
  /** In the audit's order: approvals by statement and signature, then the forge's records by reviewer and time. */
  evidence: (ApprovalEvidence | ForgeEvidence)[];
  /**
   * The forge does not answer, so there may be more. A commit that may be applied without more is applied; where it
   * would be refused, throw this instead, so that no outage of a forge becomes a refusal.
   */
  incomplete?: UnreachableError;
}

/**
 * Looks for evidence, as it is now: `expired` is as of the clock, and not yet as of first sight. Asked once for each commit
 * that changes definitions, and at every trip while one waits for approval (then it costs no request but to the forge, and
 * that every few seconds); never where there is no policy. Throws UnreachableError where git does not answer.
 */
export type GatherEvidence = (question: EvidenceQuestion, signal: AbortSignal) => Promise<Gathered>;
