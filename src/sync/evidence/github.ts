// Reviews of pull requests at GitHub, by its REST API (docs.github.com/rest/pulls/reviews, /rest/commits/commits).
import { canonical } from '../../lib/json.ts';
import { instantOf, listIn, memberOf, numberIn, objectIn, textIn, timeIn } from './answer.ts';
import type { Api } from './api.ts';
import { type Forge, type ForgeReview, type MergedAs, MOST_LISTED_PAGES } from './forge.ts';

/** The states that say what a reviewer thinks; COMMENTED and PENDING leave it as it was. */
const VERDICTS: readonly unknown[] = ['APPROVED', 'CHANGES_REQUESTED', 'DISMISSED'];

export class GitHub implements Forge {
  readonly #api: Api;
  readonly #repository: string;

  /** @param repository `owner/name` */
  constructor(api: Api, repository: string) {
    this.#api = api;
    this.#repository = `/repos/${repository.split('/').map(encodeURIComponent).join('/')}`;
  }

  /** GitHub lists the pull request for each of the commits that it rebased. */
  async pullRequestsOf(commit: string, as: MergedAs, signal: AbortSignal): Promise<number[]> {
    const path = `${this.#repository}/commits/${commit}/pulls?per_page=100`;
    const pulls = await this.#api.list(path, signal, MOST_LISTED_PAGES);
    if (pulls === undefined) await this.assertThere(signal);
    const merged = pulls?.filter((pull) => timeIn(pull, 'merged_at') !== undefined && isMergedAs(pull, as));
    return merged?.flatMap((pull) => numberIn(pull, 'number') ?? []) ?? [];
  }

  /**
   * A pull request counts where GitHub says that it was merged as the commit: its merge, its squashed commit, or the last
   * one of those that were rebased. Of each reviewer the last verdict decides, and it is bound to the commit that GitHub
   * says was reviewed, whatever was pushed afterwards.
   */
  async reviewsOf(
    pullRequest: number,
    as: MergedAs,
    signal: AbortSignal,
  ): Promise<ForgeReview[] | undefined> {
    const path = `${this.#repository}/pulls/${pullRequest}`;
    const pull = await this.#api.get(path, signal);
    if (pull === undefined) await this.assertThere(signal);
    if (memberOf(pull, 'merged') !== true || !isMergedAs(pull, as)) return undefined;
    const reviews = (await this.#api.list(`${path}/reviews?per_page=100`, signal)) ?? [];
    return lastVerdicts(reviews).flatMap((review) => approvalIn(review, pull, pullRequest) ?? []);
  }

  assertThere(signal: AbortSignal): Promise<void> {
    return this.#api.assertThere(this.#repository, signal);
  }

  async treeOf(commit: string, path: string, signal: AbortSignal): Promise<string | undefined> {
    const found = await this.#api.get(`${this.#repository}/git/commits/${commit}`, signal);
    let tree = objectIn(found, 'tree', 'sha');
    for (const name of path === '' ? [] : path.split('/')) {
      if (tree === undefined) return undefined;
      const listing = await this.#api.get(`${this.#repository}/git/trees/${tree}`, signal);
      const entry = listIn(listing, 'tree').find((each) => memberOf(each, 'path') === name);
      tree = memberOf(entry, 'type') === 'tree' ? objectIn(entry, 'sha') : undefined;
    }
    return tree;
  }
}

function isMergedAs(pull: unknown, { branch, commits }: MergedAs): boolean {
  const [into, commit] = [textIn(pull, 'base', 'ref'), objectIn(pull, 'merge_commit_sha')];
  const wanted = branch === 'HEAD' ? textIn(pull, 'base', 'repo', 'default_branch') : branch;
  return into !== undefined && into === wanted && commit !== undefined && commits.includes(commit);
}

/** One for each reviewer. GitHub lists reviews as they were begun; what counts is when they were sent. */
function lastVerdicts(reviews: readonly unknown[]): unknown[] {
  const told = reviews.flatMap((review) => {
    const at = timeIn(review, 'submitted_at');
    return at !== undefined && VERDICTS.includes(memberOf(review, 'state')) ? [{ at, review }] : [];
  });
  const inTime = told.toSorted((a, b) => a.at - b.at);
  return [...new Map(inTime.map(({ review }) => [memberOf(review, 'user', 'login'), review])).values()];
}

function approvalIn(review: unknown, pull: unknown, pullRequest: number): ForgeReview | undefined {
  const [reviewer, author] = [textIn(review, 'user', 'login'), textIn(pull, 'user', 'login')];
  const [commit, at] = [objectIn(review, 'commit_id'), timeIn(review, 'submitted_at')];
  if (memberOf(review, 'state') !== 'APPROVED' || commit === undefined || at === undefined) return undefined;
  // A deleted account is nobody.
  if (reviewer === undefined || reviewer === author) return undefined;
  const record = canonical({
    pull: {
      number: pullRequest,
      user: author,
      base: textIn(pull, 'base', 'ref'),
      merge_commit_sha: objectIn(pull, 'merge_commit_sha'),
    },
    review: {
      id: numberIn(review, 'id'),
      user: reviewer,
      state: 'APPROVED',
      commit_id: commit,
      submitted_at: textIn(review, 'submitted_at'),
    },
  });
  return { kind: 'github-review', pullRequest, reviewer, commit, at: instantOf(at), record };
}
