// The reviews that a forge keeps of the pull requests by which commits were merged, bound to trees, and asked for now and then.
import type { Commit } from '../../git/commit.ts';
import { treesUnder } from '../../git/history.ts';
import type { Mirror } from '../../git/mirror.ts';
import type { ForgeEvidence } from '../../model/evidence.ts';
import { type Forge, type ForgeReview, TooMuchError } from './forge.ts';

/** A forge that was asked about a commit is not asked again before. */
const PATIENCE_MS = 10_000;
const MOST_REMEMBERED = 20;

export interface ReviewsOptions {
  forge: Forge;
  mirror: Mirror;
  /** Where the definitions are; empty for the root. */
  path: string;
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

  /** The records about a commit's pull request, whatever tree was reviewed. Throws UnreachableError. */
  async recordsOf({ id, pullRequest }: Commit, signal: AbortSignal): Promise<ForgeEvidence[]> {
    if (pullRequest === undefined) return [];
    const { forge, now } = this.#options;
    const known = this.#asked.get(id);
    if (known && now() - known.atMs < PATIENCE_MS) return known.records;
    const records = await this.#bound(await unlessTooMuch(forge.reviewsOf(pullRequest, id, signal)), signal);
    if (this.#asked.size >= MOST_REMEMBERED) this.#asked.clear();
    this.#asked.set(id, { atMs: now(), records });
    return records;
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
    const [tree] = await unlessTooMuch(forge.treeOf(commit, path, signal).then((found) => [found]));
    return tree;
  }
}

/** A record that is too long to be read says nothing: anyone who can comment could make it so. */
async function unlessTooMuch<Item>(answer: Promise<Item[]>): Promise<Item[]> {
  return answer.catch((error: unknown) => {
    if (error instanceof TooMuchError) return [];
    throw error;
  });
}
