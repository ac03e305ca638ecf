// Approvals of merge requests at GitLab, by its REST API (docs.gitlab.com/api/merge_request_approvals).
import { canonical } from '../../lib/json.ts';
import { instantOf, listIn, memberOf, numberIn, objectIn, textIn, timeIn } from './answer.ts';
import type { Api } from './api.ts';
import type { Forge, ForgeReview } from './forge.ts';

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

  /**
   * A merge request counts where GitLab says that it was merged as this very commit. GitLab does not say which commit an
   * approval is of, so it is of what had been pushed last when it was given: a later push does not inherit it, whether
   * the project resets approvals or not.
   */
  async reviewsOf(pullRequest: number, commit: string, signal: AbortSignal): Promise<ForgeReview[]> {
    const path = `${this.#project}/merge_requests/${pullRequest}`;
    const request = await this.#api.get(path, signal);
    if (request === undefined) await this.#api.assertThere(this.#project, signal);
    if (memberOf(request, 'state') !== 'merged' || !commitsOf(request).includes(commit)) return [];
    const approvals = listIn(await this.#api.get(`${path}/approvals`, signal), 'approved_by');
    if (approvals.length === 0) return [];
    const versions = versionsIn(await this.#api.list(`${path}/versions?per_page=100`, signal));
    const times = await this.#approvalTimes(path, approvals, signal);
    const author = textIn(request, 'author', 'username');
    return [...times].flatMap(([reviewer, atMs]): ForgeReview[] => {
      const version = versionAt(versions, atMs);
      if (version === undefined || reviewer === author) return [];
      const at = instantOf(atMs);
      const record = canonical({
        merge_request: { iid: pullRequest, author, ...commitMembers(request) },
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
    const entry = entries.find((each) => memberOf(each, 'path') === path);
    return memberOf(entry, 'type') === 'tree' ? objectIn(entry, 'id') : undefined;
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
    for (const note of notes) {
      const [reviewer, atMs] = [textIn(note, 'author', 'username'), timeIn(note, 'created_at')];
      const isApproval =
        memberOf(note, 'system') === true && memberOf(note, 'body') === 'approved this merge request';
      if (!isApproval || reviewer === undefined || atMs === undefined || !untimed.has(reviewer)) continue;
      times.set(reviewer, Math.max(atMs, times.get(reviewer) ?? 0));
    }
    return times;
  }
}

/** As what a merge request may be merged: a merge, a squashed commit, or its own head (fast-forward). */
function commitMembers(request: unknown): Record<string, string | undefined> {
  const names = ['merge_commit_sha', 'squash_commit_sha', 'sha'];
  return Object.fromEntries(names.map((name) => [name, objectIn(request, name)]));
}

function commitsOf(request: unknown): (string | undefined)[] {
  return Object.values(commitMembers(request));
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
