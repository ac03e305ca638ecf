// A forge, as sync asks it: who approved the pull request that a commit was merged by, and of which commit.
import type { ForgeEvidence } from '../../model/evidence.ts';

/** Of pull requests that brought one commit: there is one, as a rule. */
export const MOST_LISTED_PAGES = 3;

/** One approving review, not yet bound to a tree. */
export type ForgeReview = Omit<ForgeEvidence, 'tree'>;

/** What a pull request must have been merged as to speak for a commit. */
export interface MergedAs {
  /** Into which branch; `HEAD` is the forge's default branch. */
  branch: string;
  /** As one of these: the commit itself, or also later ones with the same definitions, where it brought several. */
  commits: readonly string[];
}

/** Methods throw UnreachableError where the forge does not answer, and UselessAnswerError where its answer says nothing. */
export interface Forge {
  /** The numbers of the pull requests that brought a commit, as the forge says, and that were merged so; in its order. */
  pullRequestsOf(commit: string, as: MergedAs, signal: AbortSignal): Promise<number[]>;
  /**
   * The approving reviews of a pull request that stand, each with the commit that was reviewed. Undefined where it was
   * not merged so: a message may name any number.
   */
  reviewsOf(pullRequest: number, as: MergedAs, signal: AbortSignal): Promise<ForgeReview[] | undefined>;
  /** The tree that a commit has under a path (empty: the root), where the forge can say. */
  treeOf(commit: string, path: string, signal: AbortSignal): Promise<string | undefined>;
  /** Throws UnreachableError where the forge does not answer as it should about the repository itself. */
  assertThere(signal: AbortSignal): Promise<void>;
}

/** An answer that says nothing, however often it is given. */
export abstract class UselessAnswerError extends Error {}

/** An answer that is too long to be read: whoever can comment can make it so, and it is no fault of the forge. */
export class TooMuchError extends UselessAnswerError {
  override name = 'TooMuchError';
}

/** An answer that is not of the API's form. */
export class MalformedError extends UselessAnswerError {
  override name = 'MalformedError';
}
