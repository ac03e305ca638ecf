// What sync asks about the evidence for a commit: the port between judging and where evidence comes from.
import type { Policy } from '../../access/policy.ts';
import type { Commit } from '../../git/commit.ts';
import type { UnreachableError } from '../../lib/errors.ts';
import type { Evidence } from '../../model/evidence.ts';

export interface EvidenceQuestion {
  project: string;
  commit: Commit;
  /** The tree that the commit has under the path; undefined where it has none: then nothing can have been approved. */
  tree: string | undefined;
  /** The applied one, by which keys are people's. */
  policy: Policy | undefined;
}

export interface Gathered {
  /** In the order of the audit, at most MOST_EVIDENCE. */
  evidence: Evidence[];
  /**
   * What is known may not be all: the forge does not answer. A commit that may be applied without more is applied;
   * one that would be refused waits, so that no outage turns into a refusal: throw this.
   */
  incomplete?: UnreachableError;
}

export interface EvidenceSource {
  /** All that speaks for a commit now. Throws UnreachableError where git is away. */
  gather(question: EvidenceQuestion, signal: AbortSignal): Promise<Gathered>;
  /**
   * For a refused head, at every look: whether there is evidence now that `known`, its last entry's, does not have.
   * Cheap: what the mirror saw with the head, and the forge every few seconds. Throws UnreachableError.
   */
  hasNews(question: EvidenceQuestion, known: readonly Evidence[], signal: AbortSignal): Promise<boolean>;
}
