// Reviews of pull requests at GitHub, by its REST API (docs.github.com/rest/pulls/reviews).
import { canonical } from '../../lib/json.ts';
import { instantOf, listIn, memberOf, numberIn, objectIn, textIn, timeIn } from './answer.ts';
import type { Api } from './api.ts';
import type { Forge, ForgeReview } from './forge.ts';

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

  /**
   * A pull request counts where GitHub says that it was merged as this very commit. Of each reviewer the last verdict
   * decides, and it is bound to the commit that GitHub says was reviewed, whatever was pushed afterwards.
   */
  async reviewsOf(pullRequest: number, commit: string, signal: AbortSignal): Promise<ForgeReview[]> {
    const path = `${this.#repository}/pulls/${pullRequest}`;
    const pull = await this.#api.get(path, signal);
    if (pull === undefined) await this.#api.assertThere(this.#repository, signal);
    if (memberOf(pull, 'merged') !== true || memberOf(pull, 'merge_commit_sha') !== commit) return [];
    const reviews = await this.#api.list(`${path}/reviews?per_page=100`, signal);
    return lastVerdicts(reviews).flatMap((review) => approvalIn(review, pull, pullRequest) ?? []);
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
    pull: { number: pullRequest, user: author, merge_commit_sha: memberOf(pull, 'merge_commit_sha') },
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
