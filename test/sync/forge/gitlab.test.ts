// Which of GitLab's approvals are evidence: those that stand, of what had been pushed last when they were given. Answers are recorded.
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Api } from '../../../src/sync/evidence/api.ts';
import type { MergedAs } from '../../../src/sync/evidence/forge.ts';
import { GitLab } from '../../../src/sync/evidence/gitlab.ts';
import { ForgeServer } from '../../support/forge-server.ts';
import { temporaryFolder } from '../../support/git-repository.ts';

const recorded = async (name: string) =>
  JSON.parse(await readFile(join(import.meta.dirname, 'gitlab', `${name}.json`), 'utf8'));
const [REQUEST, APPROVALS, VERSIONS, NOTES, TREE] = await Promise.all(
  ['merge-request', 'approvals', 'versions', 'notes', 'tree'].map(recorded),
);
const PROJECT = '/api/v4/projects/acme%2Fweb%2Fshop';
const PATH = `${PROJECT}/merge_requests/133`;
const MERGED = REQUEST.merge_commit_sha;
/** Pushed at 08:44:56.318 and at 07:26:39. */
const [LATER, EARLIER] = VERSIONS.map(({ head_commit_sha }: { head_commit_sha: string }) => head_commit_sha);
const signal = AbortSignal.timeout(60_000);

let forge: ForgeServer;
let folder: string;
let gitlab: GitLab;

beforeEach(async () => {
  [forge, folder] = await Promise.all([ForgeServer.start(), temporaryFolder('halyard-forge-')]);
  await writeFile(join(folder, 'token'), 'hunter2hunter2');
  const url = `${forge.url}/api/v4`;
  const api = new Api({ name: 'GitLab', url, tokenFile: join(folder, 'token'), now: Date.now });
  gitlab = new GitLab(api, 'acme/web/shop');
  forge.answer(PATH, REQUEST);
  forge.answer(`${PATH}/approvals`, APPROVALS);
  forge.answer(`${PATH}/versions?per_page=100`, VERSIONS);
});

afterEach(async () => {
  await forge[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

/** Answers with approvals, one for each pair of a user name and a time. */
const approved = (...pairs: [string, string | undefined][]) =>
  forge.answer(`${PATH}/approvals`, {
    ...APPROVALS,
    approved_by: pairs.map(([username, approved_at]) => ({ user: { id: 1, username }, approved_at })),
  });
const AS = { branch: 'main', commits: [MERGED] };
const found = async (as: MergedAs = AS) =>
  (await gitlab.reviewsOf(133, as, signal))?.map(({ reviewer, commit: reviewed }) => [
    reviewer,
    reviewed === LATER ? 'later' : 'earlier',
  ]);

test('an approval is evidence of the commit that had been pushed last, with what GitLab said', async () => {
  const [evidence, ...others] = (await gitlab.reviewsOf(133, AS, signal)) ?? [];
  expect(others).toEqual([]);
  expect(evidence).toMatchObject({
    kind: 'gitlab-approval',
    pullRequest: 133,
    reviewer: 'root',
    commit: LATER,
    at: '2026-05-13T09:00:00.512Z',
  });
  expect(JSON.parse(evidence?.record ?? '')).toEqual({
    merge_request: {
      iid: 133,
      author: 'marcel.amirault',
      target_branch: 'main',
      sha: REQUEST.sha,
      merge_commit_sha: MERGED,
      squash_commit_sha: REQUEST.squash_commit_sha,
    },
    approval: { user: 'root', approved_at: '2026-05-13T09:00:00.512Z' },
    version: { id: 110, head_commit_sha: LATER, created_at: '2026-05-13T08:44:56.318Z' },
  });
});

describe('an approval that was given', () => {
  test.each([
    ['before the later push', '2026-05-13T08:00:00.000Z', [['root', 'earlier']]],
    ['a moment before the later push', '2026-05-13T08:44:56.317Z', [['root', 'earlier']]],
    ['in the moment of the later push', '2026-05-13T08:44:56.318Z', []],
    ['nine seconds after the later push', '2026-05-13T08:45:05.317Z', []],
    ['ten seconds after the later push', '2026-05-13T08:45:06.318Z', [['root', 'later']]],
    ['in the time of another zone', '2026-05-13T11:00:00.000+02:00', [['root', 'later']]],
    [
      'right after the first push, when nothing was there before',
      '2026-05-13T07:26:40.000Z',
      [['root', 'earlier']],
    ],
    ['before anything was pushed', '2026-05-13T07:00:00.000Z', []],
    ['at no time', 'soon', []],
  ])('%s', async (_, time, expected) => {
    approved(['root', time]);
    forge.answer(`${PATH}/notes?per_page=100`, []);
    expect(await found()).toEqual(expected);
  });
});

describe('a GitLab that does not say when an approval was given', () => {
  test('has written a note of it: the last one counts, and no one else can write such a note', async () => {
    approved(['root', undefined], ['mallory', undefined]);
    forge.answer(`${PATH}/notes?per_page=100`, NOTES);
    expect(await found()).toEqual([['root', 'later']]);
  });

  test('is not asked for notes where it does', async () => {
    await found();
    expect(forge.paths).not.toContain(`${PATH}/notes?per_page=100`);
  });
});

describe('it was merged as', () => {
  const { merge_commit_sha: merge, squash_commit_sha: squashed, sha: own } = REQUEST;
  test.each([
    ['a merge', { merge_commit_sha: merge, squash_commit_sha: null }, merge, [own]],
    ['a merge of a squashed commit', {}, merge, [squashed, own]],
    ['a squashed commit', { merge_commit_sha: null }, squashed, [own]],
    ['its own head', { merge_commit_sha: null, squash_commit_sha: null }, own, [merge]],
  ])('%s, which came to the branch, and as no other commit', async (_, change, commit, others) => {
    forge.answer(PATH, { ...REQUEST, ...change });
    expect(await found({ ...AS, commits: [commit] })).toEqual([['root', 'later']]);
    for (const other of others) expect(await found({ ...AS, commits: [other] })).toBeUndefined();
  });
});

describe('no evidence', () => {
  test.each([
    ['is open', { state: 'opened' }],
    ['was closed', { state: 'closed' }],
    ['was merged as another commit', { merge_commit_sha: EARLIER }],
    ['was merged into another branch', { target_branch: 'sandbox' }],
    ['does not say where it was merged', { target_branch: null }],
  ])('of a merge request that %s', async (_, change) => {
    forge.answer(PATH, { ...REQUEST, ...change });
    expect(await found()).toBeUndefined();
  });

  test.each([
    ['of the author', ['marcel.amirault', '2026-05-13T09:00:00Z']],
    ['of a user without a name', ['', '2026-05-13T09:00:00Z']],
  ] as const)('%s', async (_, [username, time]) => {
    approved([username, time]);
    expect(await found()).toEqual([]);
  });

  test('where nobody approved', async () => {
    approved();
    expect(await found()).toEqual([]);
  });

  test('where GitLab has forgotten what was pushed', async () => {
    forge.answer(`${PATH}/versions?per_page=100`, []);
    expect(await found()).toEqual([]);
  });

  test('of a number that is no merge request', async () => {
    forge.answer(PROJECT, { id: 15513260 });
    expect(await gitlab.reviewsOf(12, AS, signal)).toBeUndefined();
  });
});

test('a project that the token may not see is no project without approvals', async () => {
  await expect(gitlab.reviewsOf(12, AS, signal)).rejects.toMatchObject({ code: 'http' });
  await expect(gitlab.pullRequestsOf(MERGED, AS, signal)).rejects.toMatchObject({ code: 'http' });
});

describe('the merge requests that brought a commit', () => {
  const path = `${PROJECT}/repository/commits/${MERGED}/merge_requests?state=merged&per_page=100`;
  const brought = (branch = 'main', commits = [MERGED]) =>
    gitlab.pullRequestsOf(MERGED, { branch, commits }, signal);

  test.each([
    ['are those that were merged as it', {}, [133]],
    ['are not those that are open', { state: 'opened' }, []],
    ['are not those that brought it elsewhere', { target_branch: 'sandbox' }, []],
    ['are not those that were merged as another commit', { merge_commit_sha: EARLIER }, []],
    ['are not those without a number', { iid: null }, []],
  ])('%s', async (_, change, expected) => {
    forge.answer(path, [{ ...REQUEST, ...change }, null, 'x']);
    expect(await brought()).toEqual(expected);
  });

  test('of a fast-forward of several commits were merged as the last one, which may be a later one', async () => {
    const fastForward = { merge_commit_sha: null, squash_commit_sha: null, sha: EARLIER };
    forge.answer(path, [{ ...REQUEST, ...fastForward }]);
    expect(await brought()).toEqual([]);
    expect(await brought('main', [MERGED, EARLIER])).toEqual([133]);
  });

  test('that was not merged by one are none, nor those of a commit that GitLab does not know', async () => {
    forge.answer(PROJECT, { id: 15513260 });
    expect(await brought()).toEqual([]);
    forge.answer(path, []);
    expect(await brought()).toEqual([]);
  });

  test('are those of the default branch where HEAD is followed', async () => {
    forge.answer(path, [REQUEST]);
    forge.answer(PROJECT, { id: 15513260, default_branch: 'main' });
    expect(await brought('HEAD')).toEqual([133]);
    expect(await found({ ...AS, branch: 'HEAD' })).toEqual([['root', 'later']]);
    forge.answer(PROJECT, { id: 15513260, default_branch: 'trunk' });
    expect(await brought('HEAD')).toEqual([]);
    forge.answer(PROJECT, { id: 15513260, default_branch: null });
    expect(await brought('HEAD')).toEqual([]);
  });
});

describe('the tree of a commit', () => {
  const listing = (above: string) =>
    `${PROJECT}/repository/tree?path=${encodeURIComponent(above)}&ref=${LATER}&per_page=100`;

  test('is looked up in the folder above, page by page', async () => {
    forge.answer(listing('web'), TREE.slice(1), {
      headers: { link: `<${forge.url}${listing('web')}&page=2>; rel="next"` },
    });
    forge.answer(`${listing('web')}&page=2`, TREE);
    expect(await gitlab.treeOf(LATER, 'web/flags', signal)).toBe(TREE[0].id);
  });

  test('is not known where it is a file, is not there, or is the root', async () => {
    forge.answer(listing(''), [{ id: EARLIER, name: 'flags', path: 'flags', type: 'blob' }]);
    expect(await gitlab.treeOf(LATER, 'flags', signal)).toBeUndefined();
    expect(await gitlab.treeOf(LATER, 'nowhere', signal)).toBeUndefined();
    expect(await gitlab.treeOf(LATER, '', signal)).toBeUndefined();
  });
});
