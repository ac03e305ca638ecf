// What speaks for a commit besides its own signature: the port through which sync looks for approvals and a forge's reviews.
import type { Policy } from '../access/policy.ts';
import type { Commit } from '../git/commit.ts';
import type { ApprovalEvidence, ForgeEvidence } from '../model/evidence.ts';

export interface EvidenceQuestion {
  project: string;
  /** The definitions' tree that is to be approved. Evidence about another one is of no use. */
  tree: string;
  /** Commits that have this tree, whose pull requests may hold reviews: the one that is judged first. One or two. */
  commits: readonly Commit[];
  /** Whose keys an approval's signature is judged by. */
  policy: Policy;
}

/**
 * Looks for evidence, as it is now: `expired` is as of the clock, and not yet as of first sight. Asked once for each commit
 * that changes definitions, and at every trip while one waits for approval; never where there is no policy.
 * Throws UnreachableError where git or the forge does not answer.
 */
export type GatherEvidence = (
  question: EvidenceQuestion,
  signal: AbortSignal,
) => Promise<(ApprovalEvidence | ForgeEvidence)[]>;
