// Approvals of merge requests at GitLab, by its REST API (docs.gitlab.com/api/merge_request_approvals, /api/commits).
import { canonical } from '../../lib/json.ts';
import { instantOf, listIn, memberOf, numberIn, objectIn, textIn, timeIn } from './answer.ts';
import type { Api } from './api.ts';
import { type Forge, type ForgeReview, type MergedAs, MOST_LISTED_PAGES } from './forge.ts';

/** Nobody reads a change in less: an approval this soon after a push may be of what was there before. */
const FASTEST_READER_MS = 10_000;

/** What was pushed to a merge request at one time. */
interface Version {
  atMs: number;
  head: string;
  id: number | undefined;
}

export class GitLab implements Forge {
  readonly #api: Api;
  readonly #project: string;

  /** @param repository `group/name`, with as many groups as there are */
  constructor(api: Api, repository: string) {
    this.#api = api;
    this.#project = `/projects/${encodeURIComponent(repository)}`;
  }

  /** GitLab lists the merge request for each commit that it merged. One that is too old to know `state` lists them all. */
  async pullRequestsOf(commit: string, as: MergedAs, signal: AbortSignal): Promise<number[]> {
    const path = `${this.#project}/repository/commits/${commit}/merge_requests?state=merged&per_page=100`;
    const requests = await this.#api.list(path, signal, MOST_LISTED_PAGES);
    if (requests === undefined) await this.assertThere(signal);
    if (!requests?.length) return [];
    const branch = await this.#branch(as, signal);
    return requests
      .filter((request) => isMergedAs(request, as, branch))
      .flatMap((request) => numberIn(request, 'iid') ?? []);
  }

  /**
   * A merge request counts where GitLab says that it was merged as the commit. GitLab does not say which commit an
   * approval is of, so it is of what had been pushed last when it was given: a later push does not inherit it, whether
   * the project resets approvals or not.
   */
  async reviewsOf(
    pullRequest: number,
    as: MergedAs,
    signal: AbortSignal,
  ): Promise<ForgeReview[] | undefined> {
    const path = `${this.#project}/merge_requests/${pullRequest}`;
    const request = await this.#api.get(path, signal);
    if (request === undefined) await this.assertThere(signal);
    if (!isMergedAs(request, as, await this.#branch(as, signal))) return undefined;
    const approvals = listIn(await this.#api.get(`${path}/approvals`, signal), 'approved_by');
    if (approvals.length === 0) return [];
    const versions = versionsIn((await this.#api.list(`${path}/versions?per_page=100`, signal)) ?? []);
    const times = await this.#approvalTimes(path, approvals, signal);
    const author = textIn(request, 'author', 'username');
    return [...times].flatMap(([reviewer, atMs]): ForgeReview[] => {
      const version = versionAt(versions, atMs);
      if (version === undefined || reviewer === author) return [];
      const at = instantOf(atMs);
      const record = canonical({
        merge_request: { iid: pullRequest, author, ...placeMembers(request) },
        approval: { user: reviewer, approved_at: at },
        version: { id: version.id, head_commit_sha: version.head, created_at: instantOf(version.atMs) },
      });
      return [{ kind: 'gitlab-approval', pullRequest, reviewer, commit: version.head, at, record }];
    });
  }

  /** By the listing of the folder above. GitLab does not tell the tree of the root. */
  async treeOf(commit: string, path: string, signal: AbortSignal): Promise<string | undefined> {
    if (path === '') return undefined;
    const above = encodeURIComponent(path.split('/').slice(0, -1).join('/'));
    const query = `path=${above}&ref=${commit}&per_page=100`;
    const entries = await this.#api.list(`${this.#project}/repository/tree?${query}`, signal);
    const entry = entries?.find((each) => memberOf(each, 'path') === path);
    return memberOf(entry, 'type') === 'tree' ? objectIn(entry, 'id') : undefined;
  }

  assertThere(signal: AbortSignal): Promise<void> {
    return this.#api.assertThere(this.#project, signal);
  }

  async #branch({ branch }: MergedAs, signal: AbortSignal): Promise<string | undefined> {
    return branch === 'HEAD' ? textIn(await this.#api.get(this.#project, signal), 'default_branch') : branch;
  }

  /** When each reviewer approved. Before GitLab told it with the approval, a note that it writes itself did. */
  async #approvalTimes(
    path: string,
    approvals: readonly unknown[],
    signal: AbortSignal,
  ): Promise<Map<string, number>> {
    const times = new Map<string, number>();
    const untimed = new Set<string>();
    for (const approval of approvals) {
      const [reviewer, atMs] = [textIn(approval, 'user', 'username'), timeIn(approval, 'approved_at')];
      if (reviewer !== undefined && atMs !== undefined) times.set(reviewer, atMs);
      else if (reviewer !== undefined) untimed.add(reviewer);
    }
    const notes = untimed.size === 0 ? [] : await this.#api.list(`${path}/notes?per_page=100`, signal);
    for (const note of notes ?? []) {
      const [reviewer, atMs] = [textIn(note, 'author', 'username'), timeIn(note, 'created_at')];
      const isApproval =
        memberOf(note, 'system') === true && memberOf(note, 'body') === 'approved this merge request';
      if (!isApproval || reviewer === undefined || atMs === undefined || !untimed.has(reviewer)) continue;
      times.set(reviewer, Math.max(atMs, times.get(reviewer) ?? 0));
    }
    return times;
  }
}

const COMMIT_MEMBERS = ['merge_commit_sha', 'squash_commit_sha', 'sha'] as const;

/** Where a merge request was merged, and what tells as what. */
function placeMembers(request: unknown): Record<string, string | undefined> {
  const commits = COMMIT_MEMBERS.map((name) => [name, objectIn(request, name)]);
  return { target_branch: textIn(request, 'target_branch'), ...Object.fromEntries(commits) };
}

/** As its merge, else as the squashed commit, else as its own head (fast-forward): the one that came to the branch itself. */
function isMergedAs(request: unknown, { commits }: MergedAs, branch: string | undefined): boolean {
  if (memberOf(request, 'state') !== 'merged') return false;
  const name = COMMIT_MEMBERS.find((each) => objectIn(request, each) !== undefined);
  const commit = name && objectIn(request, name);
  const isInto = branch !== undefined && textIn(request, 'target_branch') === branch;
  return isInto && commit !== undefined && commits.includes(commit);
}

/** Newest first. */
function versionsIn(versions: readonly unknown[]): Version[] {
  const read = versions.flatMap((version) => {
    const [atMs, head] = [timeIn(version, 'created_at'), objectIn(version, 'head_commit_sha')];
    return atMs === undefined || head === undefined ? [] : [{ atMs, head, id: numberIn(version, 'id') }];
  });
  return read.toSorted((a, b) => b.atMs - a.atMs);
}

/** What had been pushed last at a time; undefined where it had only just been pushed in the place of something else. */
function versionAt(versions: readonly Version[], atMs: number): Version | undefined {
  const at = versions.findIndex((version) => version.atMs <= atMs);
  const [version, before] = at < 0 ? [] : versions.slice(at);
  const isFresh = version && before && atMs - version.atMs < FASTEST_READER_MS;
  return isFresh ? undefined : version;
}
