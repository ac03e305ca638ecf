// The reviews that a forge keeps of the pull requests by which commits were merged, bound to trees, and asked for now and then.
import type { Commit } from '../../git/commit.ts';
import { treesUnder } from '../../git/history.ts';
import type { Mirror } from '../../git/mirror.ts';
import type { ForgeEvidence } from '../../model/evidence.ts';
import { type Forge, type ForgeReview, UselessAnswerError } from './forge.ts';

/** A forge that was asked about a commit is not asked again before. */
const PATIENCE_MS = 10_000;
const MOST_REMEMBERED = 20;
/** Of the pull requests that brought one commit, so many are asked for their reviews. */
const MOST_PULL_REQUESTS = 5;

export interface ReviewsOptions {
  forge: Forge;
  mirror: Mirror;
  /** Where the definitions are; empty for the root. */
  path: string;
  /** The branch that is followed: what was merged into another one, and approved for it, speaks for nothing here. */
  branch: string;
  /** The clock, in epoch milliseconds. */
  now: () => number;
}

export class Reviews {
  readonly #options: ReviewsOptions;
  readonly #asked = new Map<string, { atMs: number; records: ForgeEvidence[] }>();
  /** A commit's tree never changes. */
  readonly #trees = new Map<string, string>();

  constructor(options: ReviewsOptions) {
    this.#options = options;
  }

  /**
   * The records about a commit's pull request, whatever tree was reviewed: the one that its message names, or else those
   * that the forge says brought it. Throws UnreachableError.
   * @param later the commits right after it that have the same definitions
   */
  async recordsOf(commit: Commit, later: readonly string[], signal: AbortSignal): Promise<ForgeEvidence[]> {
    const { now } = this.#options;
    const known = this.#asked.get(commit.id);
    if (known && now() - known.atMs < PATIENCE_MS) return known.records;
    const reviews = (await this.#named(commit, signal)) ?? (await this.#listed(commit, later, signal));
    const records = await this.#bound(reviews, signal);
    if (this.#asked.size >= MOST_REMEMBERED) this.#asked.clear();
    this.#asked.set(commit.id, { atMs: now(), records });
    return records;
  }

  /** Undefined where the message names none that was merged as the commit. */
  async #named({ id, pullRequest }: Commit, signal: AbortSignal): Promise<ForgeReview[] | undefined> {
    if (pullRequest === undefined) return undefined;
    const { forge, branch } = this.#options;
    const as = { branch, commits: [id] };
    return this.#unlessUseless(forge.reviewsOf(pullRequest, as, signal), [], signal);
  }

  /**
   * A merge that rebases brings several commits, of which the forge names the last one. It may be a later one here, since
   * the forge says itself that the pull request brought the first; who reviews what comes on top has not looked at that.
   */
  async #listed({ id }: Commit, later: readonly string[], signal: AbortSignal): Promise<ForgeReview[]> {
    const { forge, branch } = this.#options;
    const as = { branch, commits: [id, ...later] };
    const numbers = await this.#unlessUseless(forge.pullRequestsOf(id, as, signal), [], signal);
    const reviews: ForgeReview[] = [];
    for (const number of numbers.slice(0, MOST_PULL_REQUESTS))
      reviews.push(...((await this.#unlessUseless(forge.reviewsOf(number, as, signal), [], signal)) ?? []));
    return reviews;
  }

  /** Without those whose tree nobody can tell. */
  async #bound(reviews: readonly ForgeReview[], signal: AbortSignal): Promise<ForgeEvidence[]> {
    const records: ForgeEvidence[] = [];
    for (const review of reviews) {
      const tree = this.#trees.get(review.commit) ?? (await this.#treeOf(review.commit, signal));
      if (tree === undefined) continue;
      if (this.#trees.size >= MOST_REMEMBERED) this.#trees.clear();
      this.#trees.set(review.commit, tree);
      records.push({ ...review, tree });
    }
    return records;
  }

  /** Git is asked first, since there a commit's name proves its tree; forges keep what git no longer gives. */
  async #treeOf(commit: string, signal: AbortSignal): Promise<string | undefined> {
    const { mirror, forge, path } = this.#options;
    if (await mirror.fetchCommit(commit, signal)) {
      const [tree] = await mirror.ask((store) => treesUnder(store, [commit], path), signal);
      return tree;
    }
    return this.#unlessUseless(forge.treeOf(commit, path, signal), undefined, signal);
  }

  /**
   * What is too long to be read, which anyone who can comment could make it, or has never the form of an answer would keep
   * sync waiting forever: it says nothing. Where the forge gives no sensible answer at all, that is a failure of the world.
   */
  async #unlessUseless<T>(answer: Promise<T>, nothing: T, signal: AbortSignal): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      if (!(error instanceof UselessAnswerError)) throw error;
      await this.#options.forge.assertThere(signal);
      return nothing;
    }
  }
}
