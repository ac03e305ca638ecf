// A forge, as sync asks it: who approved the pull request that a commit was merged by, and of which commit.
import type { ForgeEvidence } from '../../model/evidence.ts';

/** One approving review, not yet bound to a tree. */
export type ForgeReview = Omit<ForgeEvidence, 'tree'>;

export interface Forge {
  /**
   * The approving reviews of a pull request that stand, each with the commit that was reviewed. None where the pull
   * request was not merged as `commit`: a message may name any number. Throws UnreachableError, TooMuchError.
   */
  reviewsOf(pullRequest: number, commit: string, signal: AbortSignal): Promise<ForgeReview[]>;
  /** The tree that a commit has under a path (empty: the root), where the forge can say. Throws UnreachableError, TooMuchError. */
  treeOf(commit: string, path: string, signal: AbortSignal): Promise<string | undefined>;
}

/** An answer that is too long to be read: whoever can comment can make it so, and it is no fault of the forge. */
export class TooMuchError extends Error {
  override name = 'TooMuchError';
}
