// Which of GitHub's reviews are evidence: those that stand, of the pull request that was merged as this commit. Answers are recorded.
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Api } from '../../../src/sync/evidence/api.ts';
import { type MergedAs, TooMuchError } from '../../../src/sync/evidence/forge.ts';
import { GitHub } from '../../../src/sync/evidence/github.ts';
import { ForgeServer } from '../../support/forge-server.ts';
import { temporaryFolder } from '../../support/git-repository.ts';

const recorded = async (name: string) =>
  JSON.parse(await readFile(join(import.meta.dirname, 'github', `${name}.json`), 'utf8'));
const [PULL, [REVIEW], COMMIT, TREE] = await Promise.all(['pull', 'reviews', 'commit', 'tree'].map(recorded));
const REPOSITORY = '/repos/octocat/Hello-World';
const MERGED = PULL.merge_commit_sha;
const HEAD = PULL.head.sha;
const EARLIER = '1'.repeat(40);
const signal = AbortSignal.timeout(60_000);

let forge: ForgeServer;
let folder: string;
let github: GitHub;

beforeEach(async () => {
  [forge, folder] = await Promise.all([ForgeServer.start(), temporaryFolder('halyard-forge-')]);
  await writeFile(join(folder, 'token'), 'hunter2hunter2');
  const api = new Api({ name: 'GitHub', url: forge.url, tokenFile: join(folder, 'token'), now: Date.now });
  github = new GitHub(api, 'octocat/Hello-World');
  forge.answer(`${REPOSITORY}/pulls/1347`, PULL);
});

afterEach(async () => {
  await forge[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const pull = (change: object) => forge.answer(`${REPOSITORY}/pulls/1347`, { ...PULL, ...change });
const reviews = (...given: object[]) => forge.answer(`${REPOSITORY}/pulls/1347/reviews?per_page=100`, given);
const review = (change: object) => ({ ...REVIEW, ...change });
const by = (login: string) => ({ user: { login, id: 9, type: 'User' } });
const at = (time: string) => ({ submitted_at: `2026-01-26T${time}:00Z` });
const AS = { branch: 'main', commits: [MERGED] };
const approvers = async (as: MergedAs = AS) =>
  (await github.reviewsOf(1347, as, signal))?.map(({ reviewer, commit: reviewed }) =>
    reviewed === HEAD ? reviewer : `${reviewer} of ${reviewed.slice(0, 4)}`,
  );

test('an approving review is evidence of the commit that was reviewed, with what GitHub said', async () => {
  reviews(REVIEW);
  const [evidence, ...others] = (await github.reviewsOf(1347, AS, signal)) ?? [];
  expect(others).toEqual([]);
  expect(evidence).toEqual({
    kind: 'github-review',
    pullRequest: 1347,
    reviewer: 'hubot',
    commit: HEAD,
    at: '2026-01-26T19:30:00Z',
    record: `{"pull":{"base":"main","merge_commit_sha":"${MERGED}","number":1347,"user":"octocat"},"review":{"commit_id":"${HEAD}","id":80,"state":"APPROVED","submitted_at":"2026-01-26T19:30:00Z","user":"hubot"}}`,
  });
});

describe('of several reviews of one person', () => {
  const approved = review(at('10:00'));
  test.each([
    [
      'a later comment changes nothing',
      [approved, review({ state: 'COMMENTED', ...at('11:00') })],
      ['hubot'],
    ],
    ['a later refusal voids it', [approved, review({ state: 'CHANGES_REQUESTED', ...at('11:00') })], []],
    ['a later dismissed one voids it', [approved, review({ state: 'DISMISSED', ...at('11:00') })], []],
    [
      'an earlier refusal does not',
      [review({ state: 'CHANGES_REQUESTED', ...at('09:00') }), approved],
      ['hubot'],
    ],
    [
      'the time of sending counts, not the place in the list',
      [review({ state: 'CHANGES_REQUESTED', ...at('11:00') }), approved],
      [],
    ],
    [
      'a pending one says nothing yet',
      [approved, review({ state: 'PENDING', submitted_at: undefined })],
      ['hubot'],
    ],
    [
      'each person counts by themselves',
      [approved, review({ ...by('mona'), state: 'CHANGES_REQUESTED', ...at('11:00') })],
      ['hubot'],
    ],
    [
      'the last approval names what was reviewed',
      [review({ commit_id: EARLIER, ...at('09:00') }), approved],
      ['hubot'],
    ],
  ])('%s', async (_, given, expected) => {
    reviews(...given);
    expect(await approvers()).toEqual(expected);
  });
});

test('an approval of an earlier push is of the earlier commit', async () => {
  reviews(review({ commit_id: EARLIER }));
  expect(await approvers()).toEqual(['hubot of 1111']);
});

describe('no evidence', () => {
  test.each([
    ['of a dismissed review', review({ state: 'DISMISSED' })],
    ['of the author', review(by('octocat'))],
    ['of a deleted account', review({ user: null })],
    ['of a review without a commit', review({ commit_id: null })],
    ['of a review of what is no commit', review({ commit_id: 'main' })],
    ['of a review without a time', review({ submitted_at: null })],
    ['of a review at no time', review({ submitted_at: 'yesterday' })],
    ['of a state that is not known', review({ state: 'approved' })],
    ['of a login that is a list', review({ user: { login: ['hubot'] } })],
    ['of a login without end', review(by('x'.repeat(201)))],
  ])('%s', async (_, given) => {
    reviews(given);
    expect(await approvers()).toEqual([]);
  });

  test.each([
    ['was merged as another commit', { merge_commit_sha: EARLIER }],
    ['is open, with a commit that only tries the merge', { merged: false, state: 'open' }],
    ['was closed without a merge', { merged: false, merge_commit_sha: null }],
    ['does not say whether it was merged', { merged: 'true' }],
    ['was merged into another branch', { base: { ...PULL.base, ref: 'sandbox' } }],
    ['does not say where it was merged', { base: null }],
  ])('of a pull request that %s, whatever its reviews are', async (_, change) => {
    reviews(REVIEW);
    pull(change);
    expect(await approvers()).toBeUndefined();
    expect(forge.paths).not.toContain(`${REPOSITORY}/pulls/1347/reviews?per_page=100`);
  });

  test('of a number that is no pull request, which a message may name', async () => {
    forge.answer(REPOSITORY, { id: 1296269 });
    expect(await github.reviewsOf(12, AS, signal)).toBeUndefined();
  });
});

test('a repository that the token may not see is no repository without reviews', async () => {
  const unseen = {
    code: 'http',
    message: `GitHub knows no ${REPOSITORY}, or the token may not see it.`,
  };
  await expect(github.reviewsOf(12, AS, signal)).rejects.toMatchObject(unseen);
  await expect(github.pullRequestsOf(MERGED, AS, signal)).rejects.toMatchObject(unseen);
});

describe('the pull requests that brought a commit', () => {
  const path = (page = '') => `${REPOSITORY}/commits/${MERGED}/pulls?per_page=100${page}`;
  // In lists GitHub leaves out what costs it a look, such as `merged`.
  const { merged: _, mergeable: __, rebaseable: ___, ...LISTED } = PULL;
  const brought = (as: MergedAs = AS) => github.pullRequestsOf(MERGED, as, signal);

  test.each([
    ['are those that were merged as it', {}, [1347]],
    ['are not those that are open', { merged_at: null, state: 'open' }, []],
    ['are not those that brought it elsewhere', { base: { ...PULL.base, ref: 'sandbox' } }, []],
    ['are not those that were merged as another commit', { merge_commit_sha: EARLIER }, []],
    ['are not those without a number', { number: '1347' }, []],
  ])('%s', async (_, change, expected) => {
    forge.answer(path(), [{ ...LISTED, ...change }, null, 'x']);
    expect(await brought()).toEqual(expected);
  });

  test('of a merge that rebased several commits are merged as the last one, which may be a later one', async () => {
    forge.answer(path(), [{ ...LISTED, merge_commit_sha: EARLIER }]);
    expect(await brought({ branch: 'main', commits: [MERGED, EARLIER] })).toEqual([1347]);
    pull({ merge_commit_sha: EARLIER });
    reviews(REVIEW);
    expect(await approvers({ branch: 'main', commits: [MERGED, EARLIER] })).toEqual(['hubot']);
  });

  test('that was not merged by one are none, nor those of a commit that GitHub does not know', async () => {
    forge.answer(REPOSITORY, { id: 1296269 });
    forge.answer(path(), []);
    expect(await brought()).toEqual([]);
    forge.answer(path(), { message: `No commit found for SHA: ${MERGED}` }, { status: 422 });
    expect(await brought()).toEqual([]);
  });

  test('are looked for on a few pages', async () => {
    const next = (page: number) => `<${forge.url}${path(`&page=${page}`)}>; rel="next"`;
    forge.answer(path(), [], { headers: { link: next(2) } });
    forge.answer(path('&page=2'), [LISTED]);
    expect(await brought()).toEqual([1347]);
    forge.answer(path('&page=2'), [LISTED], { headers: { link: next(2) } });
    await expect(brought()).rejects.toThrow(TooMuchError);
    expect(forge.asked.length).toBeLessThan(10);
  });

  test('are those of the default branch where HEAD is followed', async () => {
    const into = (ref: string) => ({ base: { ...PULL.base, ref, repo: { default_branch: 'trunk' } } });
    forge.answer(path(), [
      { ...LISTED, ...into('trunk') },
      { ...LISTED, ...into('main'), number: 2 },
    ]);
    expect(await brought({ ...AS, branch: 'HEAD' })).toEqual([1347]);
    forge.answer(path(), [LISTED]);
    expect(await brought({ ...AS, branch: 'HEAD' })).toEqual([]);
  });
});

test('reviews on later pages count: a refusal on the second page voids an approval on the first', async () => {
  const [first, second] = [
    `${REPOSITORY}/pulls/1347/reviews?per_page=100`,
    '/repositories/1296269/pulls/1347/reviews?per_page=100&page=2',
  ];
  forge.answer(first, [review(at('10:00')), review({ ...by('mona'), ...at('10:00') })], {
    headers: { link: `<${forge.url}${second}>; rel="next", <${forge.url}${second}>; rel="last"` },
  });
  forge.answer(second, [review({ state: 'CHANGES_REQUESTED', ...at('11:00') })]);
  expect(await approvers()).toEqual(['mona']);
});

describe('the tree of a commit', () => {
  beforeEach(() => {
    forge.answer(`${REPOSITORY}/git/commits/${HEAD}`, COMMIT);
    forge.answer(`${REPOSITORY}/git/trees/${COMMIT.tree.sha}`, TREE);
    forge.answer(`${REPOSITORY}/git/trees/${TREE.tree[1].sha}`, {
      tree: [{ path: 'web', type: 'tree', sha: EARLIER }],
    });
  });

  test.each([
    ['', COMMIT.tree.sha],
    ['flags', TREE.tree[1].sha],
    ['flags/web', EARLIER],
    ['README.md', undefined],
    ['nowhere', undefined],
    ['flags/nowhere/deep', undefined],
  ])('under %j is %s', async (path, expected) => {
    expect(await github.treeOf(HEAD, path, signal)).toBe(expected);
  });

  test('of a commit that GitHub does not have is not known', async () => {
    expect(await github.treeOf(EARLIER, 'flags', signal)).toBeUndefined();
  });
});
