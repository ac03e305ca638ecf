// What speaks for a commit, gathered from a real repository, real keys, and a forge on this machine.
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Policy } from '../../../src/access/policy.ts';
import {
  APPROVAL_NAMESPACE,
  approvalId,
  approvalText,
  statementText,
} from '../../../src/access/statement.ts';
import { approvalRefName } from '../../../src/git/approval-refs.ts';
import { readCommits } from '../../../src/git/history.ts';
import { Mirror } from '../../../src/git/mirror.ts';
import { signText } from '../../../src/git/ssh-signature.ts';
import type { AccessDefinition } from '../../../src/model/definitions.gen.ts';
import { Api } from '../../../src/sync/evidence/api.ts';
import { evidenceGatherer } from '../../../src/sync/evidence/gather.ts';
import { GitHub } from '../../../src/sync/evidence/github.ts';
import type { GatherEvidence, Gathered } from '../../../src/sync/evidence.ts';
import { ForgeServer } from '../../support/forge-server.ts';
import { type FileEdits, GitRepository, temporaryFolder } from '../../support/git-repository.ts';
import { PROJECT } from '../../support/sync-project.ts';
import { type Name, putApproval, Team } from '../../support/team.ts';

const signal = AbortSignal.timeout(120_000);
const AT = '/repos/acme/shop';
const NOW_MS = Date.parse('2026-01-01T00:00:00Z');

let team: Team;
let repository: GitRepository;
let folder: string;
let forge: ForgeServer;
let mirror: Mirror;
let gather: GatherEvidence;
let nowMs: number;

beforeAll(async () => {
  team = await Team.create();
});

afterAll(async () => {
  await team[Symbol.asyncDispose]();
});

beforeEach(async () => {
  [repository, folder, forge] = await Promise.all([
    GitRepository.create(),
    temporaryFolder('halyard-gather-'),
    ForgeServer.start(),
  ]);
  await writeFile(join(folder, 'token'), 'hunter2hunter2');
  forge.answer(AT, { id: 1 });
  nowMs = NOW_MS;
  await repository.commit('one', { 'flags/a.yaml': 'a' });
  const source = { kind: 'path', name: repository.folder, path: repository.folder } as const;
  mirror = new Mirror({ source, branch: 'main', stateFolder: folder, inherited: process.env });
  gather = gatherer();
});

/** One that remembers nothing yet. */
function gatherer(): GatherEvidence {
  const now = () => nowMs;
  const api = new Api({ name: 'GitHub', url: forge.url, tokenFile: join(folder, 'token'), now });
  return evidenceGatherer({
    mirror,
    path: 'flags',
    branch: 'main',
    forge: new GitHub(api, 'acme/shop'),
    now,
  });
}

afterEach(async () => {
  await Promise.all([forge, repository].map((each) => each[Symbol.asyncDispose]()));
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

function policyOf(people: AccessDefinition['people'], revoked: string[] = []): Policy {
  return new Policy({ access: 1, people, revoked, rules: [{ role: 'admin', may: ['change'] }] });
}

const person = (...names: Name[]) => ({
  roles: ['admin'],
  keys: names.map((name) => team.keys[name].fingerprint),
});
const policy = () =>
  policyOf({ bob: person('bob', 'lost'), carol: person('carol') }, [team.keys.lost.fingerprint]);

/** As sync would ask about the head, or about a commit with its definitions that comes before it. */
async function gathered(
  given: { policy?: Policy; tree?: string; commit?: string; later?: string[] } = {},
): Promise<Gathered> {
  const head = await mirror.fetchHead(signal);
  const { commit = head, later = [], ...rest } = given;
  const commits = await mirror.ask((store) => readCommits(store, [commit]));
  const tree = await repository.git('rev-parse', 'HEAD:flags');
  return gather({ project: PROJECT, tree, commits, later, policy: policy(), ...rest }, signal);
}

const told = ({ evidence }: Gathered) =>
  evidence.map((piece) => (piece.kind === 'approval' ? piece.signed : { reviewer: piece.reviewer }));

describe('signed approvals', () => {
  test('tell whose key signed, by the policy', async () => {
    for (const name of ['bob', 'carol', 'lost', 'mallory'] as const) await team.approve(repository, name);
    expect(
      told(await gathered()).toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
    ).toEqual(
      [
        { status: 'valid', fingerprint: team.keys.bob.fingerprint, person: 'bob' },
        { status: 'valid', fingerprint: team.keys.carol.fingerprint, person: 'carol' },
        { status: 'revoked', fingerprint: team.keys.lost.fingerprint },
        { status: 'unknown-key', fingerprint: team.keys.mallory.fingerprint },
      ].toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
    );
  });

  test('are embedded whole, in the order of their texts', async () => {
    await team.approve(repository, 'bob', { environments: ['prod'] });
    await team.approve(repository, 'carol', { environments: ['dev'] });
    const { evidence, incomplete } = await gathered();
    expect(incomplete).toBeUndefined();
    expect(
      evidence.map((piece) => piece.kind === 'approval' && JSON.parse(piece.statement).environments),
    ).toEqual([['dev'], ['prod']]);
    expect(evidence[0]).toMatchObject({ signature: expect.stringMatching(/^-----BEGIN SSH SIGNATURE-----/) });
  });

  test('are judged by the policy of the question, also those that were verified before', async () => {
    await team.approve(repository, 'bob');
    expect(told(await gathered())).toMatchObject([{ status: 'valid', person: 'bob' }]);
    const others = policyOf({ robert: person('bob') });
    expect(told(await gathered({ policy: others }))).toMatchObject([{ status: 'valid', person: 'robert' }]);
    const nobody = policyOf({ carol: person('carol') });
    expect(told(await gathered({ policy: nobody }))).toMatchObject([{ status: 'unknown-key' }]);
  });

  test.each([
    ['2026-01-01T00:00:01Z', undefined],
    ['2026-01-01T00:00:00Z', true],
    ['2025-12-31T23:59:59Z', true],
  ])('until %s are over by the clock: %s', async (expires, expired) => {
    await team.approve(repository, 'bob', { expires });
    const { evidence } = await gathered();
    expect(evidence).toHaveLength(1);
    expect(evidence[0]).toMatchObject({ signed: { status: 'valid' } });
    expect((evidence[0] as { expired?: true }).expired).toBe(expired);
  });
});

describe('passed over is an approval', () => {
  const statement = async (change: object = {}) =>
    statementText({
      v: 1,
      project: PROJECT,
      tree: await repository.git('rev-parse', 'HEAD:flags'),
      environments: ['prod'],
      expires: '2100-01-01T00:00:00Z',
      ...change,
    });
  const sign = async (text: string, namespace = APPROVAL_NAMESPACE) =>
    (await signText({ text, namespace }, team.keys.bob.file)).signature;
  const put = async (approval: { statement: string; signature: string }, tree?: string) =>
    putApproval(
      repository,
      approvalRefName(tree ?? (await repository.git('rev-parse', 'HEAD:flags')), approvalId(approval)),
      approvalText(approval),
    );

  test.each([
    ['of another project', async () => statement({ project: 'acme/other' })],
    ['of another tree, under this one’s name', async () => statement({ tree: 'a'.repeat(40) })],
    ['of another version', async () => (await statement()).replace('"v":1', '"v":2')],
    ['that is no canonical text', async () => ` ${await statement()}`],
  ])('%s', async (_, made) => {
    const text = await made();
    await put({ statement: text, signature: await sign(text) });
    expect((await gathered()).evidence).toEqual([]);
  });

  test('whose signature is of another text, for another purpose, or none', async () => {
    const text = await statement();
    await put({ statement: text, signature: await sign(await statement({ environments: ['dev'] })) });
    await put({ statement: text, signature: await sign(text, 'halyard-override') });
    await put({ statement: text, signature: await sign(text, 'git') });
    await put({ statement: text, signature: 'approved' });
    expect((await gathered()).evidence).toEqual([]);
  });

  test('whose blob is not exactly its text', async () => {
    const text = await statement();
    const approval = { statement: text, signature: await sign(text) };
    const tree = await repository.git('rev-parse', 'HEAD:flags');
    await putApproval(repository, approvalRefName(tree, approvalId(approval)), `${approvalText(approval)}\n`);
    expect((await gathered()).evidence).toEqual([]);
    await put(approval);
    expect((await gathered()).evidence).toHaveLength(1);
  });
});

describe('a forge’s reviews', () => {
  const REVIEWS = `${AT}/pulls/12/reviews?per_page=100`;

  const LISTED = { number: 12, merged_at: '2026-01-01T00:00:00Z', base: { ref: 'main' } };
  const listing = (commit: string) => `${AT}/commits/${commit}/pulls?per_page=100`;

  /** A commit that was merged by pull request 12, as it says itself, of which `reviewed` was approved by hubot. */
  async function merged(
    reviewed: string,
    edits: FileEdits,
    subject = 'Raise the ramp (#12)',
  ): Promise<string> {
    const commit = await repository.commit(subject, edits);
    approved(reviewed, commit);
    return commit;
  }

  function approved(reviewed: string, mergedAs: string): void {
    forge.answer(`${AT}/pulls/12`, {
      ...LISTED,
      merged: true,
      merge_commit_sha: mergedAs,
      user: { login: 'ada' },
    });
    forge.answer(REVIEWS, [
      {
        id: 1,
        state: 'APPROVED',
        user: { login: 'hubot' },
        commit_id: reviewed,
        submitted_at: '2026-01-01T00:00:00Z',
      },
    ]);
  }

  const reviewers = async (given: Parameters<typeof gathered>[0] = {}) =>
    (await gathered(given)).evidence.map(
      (piece) => piece.kind === 'github-review' && [piece.reviewer, piece.pullRequest],
    );

  /** A commit of a branch that is not merged, as refs/pull keeps it. */
  async function pullRequest(content: string): Promise<string> {
    await repository.git('checkout', '--quiet', '-b', 'topic');
    const commit = await repository.commit('work', { 'flags/a.yaml': content });
    await repository.git('update-ref', 'refs/pull/12/head', commit);
    await repository.git('checkout', '--quiet', 'main');
    await repository.git('branch', '-D', 'topic');
    return commit;
  }

  test('count where the commit that was reviewed has the tree that was merged; git gives it by its name', async () => {
    const reviewed = await pullRequest('b');
    await merged(reviewed, { 'flags/a.yaml': 'b', 'beside.txt': 'merged meanwhile' });
    const { evidence } = await gathered();
    expect(evidence).toMatchObject([
      {
        kind: 'github-review',
        reviewer: 'hubot',
        commit: reviewed,
        tree: await repository.git('rev-parse', 'HEAD:flags'),
      },
    ]);
    expect(forge.paths).toEqual([`${AT}/pulls/12`, REVIEWS]);
  });

  test('of an earlier push, with another tree, are none', async () => {
    const reviewed = await pullRequest('b');
    await merged(reviewed, { 'flags/a.yaml': 'c' });
    expect((await gathered()).evidence).toEqual([]);
  });

  test('of a commit that git has no more are bound by what the forge says', async () => {
    const gone = 'd'.repeat(40);
    await merged(gone, { 'flags/a.yaml': 'b' });
    const tree = await repository.git('rev-parse', 'HEAD:flags');
    forge.answer(`${AT}/git/commits/${gone}`, { sha: gone, tree: { sha: 'e'.repeat(40) } });
    const listing = (sha: string) => ({ tree: [{ path: 'flags', type: 'tree', sha }] });
    forge.answer(`${AT}/git/trees/${'e'.repeat(40)}`, listing('f'.repeat(40)));
    expect((await gathered()).evidence).toEqual([]);
    forge.answer(`${AT}/git/trees/${'e'.repeat(40)}`, listing(tree));
    gather = gatherer();
    expect((await gathered()).evidence).toMatchObject([{ reviewer: 'hubot', commit: gone, tree }]);
  });

  test('of a commit that nobody has are none', async () => {
    await merged('d'.repeat(40), { 'flags/a.yaml': 'b' });
    expect((await gathered()).evidence).toEqual([]);
  });

  describe('where the message names no pull request that was merged as the commit', () => {
    test.each([
      ['names none', 'Raise the ramp'],
      ['names what is none', 'Raise the ramp (#404)'],
      ['names another one', 'Raise the ramp (#7)'],
    ])('since it %s, are those of what the forge says brought it', async (_, subject) => {
      const commit = await merged(await pullRequest('b'), { 'flags/a.yaml': 'b' }, subject);
      forge.answer(`${AT}/pulls/7`, { ...LISTED, number: 7, merged: true, merge_commit_sha: 'a'.repeat(40) });
      forge.answer(listing(commit), [{ ...LISTED, merge_commit_sha: commit }]);
      expect(await reviewers()).toEqual([['hubot', 12]]);
      expect(forge.paths.slice(-3)).toEqual([listing(commit), `${AT}/pulls/12`, REVIEWS]);
    });

    test('are none where no pull request brought it', async () => {
      const commit = await repository.commit('Raise the ramp', { 'flags/a.yaml': 'b' });
      forge.answer(listing(commit), []);
      expect(await reviewers()).toEqual([]);
      expect(forge.paths).toEqual([listing(commit)]);
    });

    test('are none of one that brought it, and was merged with other definitions later on', async () => {
      const commit = await repository.commit('Raise the ramp', { 'flags/a.yaml': 'b' });
      const end = await repository.commit('Lower it', { 'flags/a.yaml': 'c' });
      approved(end, end);
      forge.answer(listing(commit), [{ ...LISTED, merge_commit_sha: end }]);
      expect(await reviewers({ commit, tree: await repository.git('rev-parse', `${commit}:flags`) })).toEqual(
        [],
      );
    });

    test('count for the first of several commits that were rebased, but not for what is only below them', async () => {
      const reviewed = await pullRequest('b');
      const commit = await repository.commit('Raise the ramp (#12)', { 'flags/a.yaml': 'b' });
      const end = await repository.commit('Test it', { 'test.txt': 'x' });
      approved(reviewed, end);
      forge.answer(listing(commit), []);
      forge.answer(listing(end), [{ ...LISTED, merge_commit_sha: end }]);
      expect(await reviewers({ commit, later: [end] })).toEqual([]);
      forge.answer(listing(commit), [{ ...LISTED, merge_commit_sha: end }]);
      gather = gatherer();
      expect(await reviewers({ commit, later: [end] })).toEqual([['hubot', 12]]);
    });

    test('are asked for of a few, however many there are', async () => {
      const commit = await merged(await pullRequest('b'), { 'flags/a.yaml': 'b' }, 'Raise the ramp');
      const many = Array.from({ length: 100 }, (_, at) => ({ ...LISTED, number: 1_000 + at }));
      forge.answer(
        listing(commit),
        many.map((pull) => ({ ...pull, merge_commit_sha: commit })),
      );
      expect(await reviewers()).toEqual([]);
      expect(forge.asked.length).toBeLessThan(20);
    });

    test('are not known yet while the forge does not say', async () => {
      const commit = await repository.commit('Raise the ramp', { 'flags/a.yaml': 'b' });
      forge.answer(listing(commit), { message: 'down' }, { status: 500 });
      expect(await gathered()).toMatchObject({ evidence: [], incomplete: { code: 'http' } });
    });
  });

  describe('of a pull request about which there is never an answer that says something', () => {
    test.each([
      ['its own is no JSON', `${AT}/pulls/12`, '<html>', 200],
      ['its own is not given', `${AT}/pulls/12`, { message: 'no' }, 418],
      ['its reviews are no list', REVIEWS, { message: 'no' }, 200],
      ['its reviews are not given', REVIEWS, { message: 'no' }, 422],
    ])('are none, so that sync goes on: %s', async (_, path, body, status) => {
      await merged(await pullRequest('b'), { 'flags/a.yaml': 'b' });
      forge.answer(path, body, { status });
      expect(await gathered()).toEqual({ evidence: [] });
    });

    test('are not known yet where the forge says nothing sensible about the repository either', async () => {
      await merged(await pullRequest('b'), { 'flags/a.yaml': 'b' });
      forge.answer(`${AT}/pulls/12`, '<html>');
      forge.answer(AT, '<html>');
      expect(await gathered()).toMatchObject({ evidence: [], incomplete: { code: 'http' } });
    });

    test.each([401, 429, 500])('are not known yet where that is %i', async (status) => {
      await merged(await pullRequest('b'), { 'flags/a.yaml': 'b' });
      forge.answer(`${AT}/pulls/12`, { message: 'no' }, { status });
      expect(await gathered()).toMatchObject({ evidence: [], incomplete: { code: 'http' } });
    });
  });

  test('are asked for again after ten seconds, and not before', async () => {
    const reviewed = await pullRequest('b');
    await merged(reviewed, { 'flags/a.yaml': 'b' });
    const given = forge.answers.get(REVIEWS);
    forge.answer(REVIEWS, []);
    expect((await gathered()).evidence).toEqual([]);
    if (given) forge.answers.set(REVIEWS, given);
    nowMs += 9_999;
    expect((await gathered()).evidence).toEqual([]);
    nowMs += 1;
    expect((await gathered()).evidence).toMatchObject([{ reviewer: 'hubot' }]);
  });

  test('that nobody can read today leave what is known incomplete, and hide no approval', async () => {
    await merged(await pullRequest('b'), { 'flags/a.yaml': 'b' });
    await team.approve(repository, 'bob');
    forge.answer(`${AT}/pulls/12`, { message: 'down' }, { status: 500 });
    const { evidence, incomplete } = await gathered();
    expect(evidence).toMatchObject([{ kind: 'approval' }]);
    expect(incomplete).toMatchObject({ name: 'UnreachableError', code: 'http' });
  });

  test('that are too long to be read are none, since anyone can make them so', async () => {
    await merged(await pullRequest('b'), { 'flags/a.yaml': 'b' });
    const next = `<${AT}/pulls/12/reviews?per_page=100>; rel="next"`;
    forge.answer(REVIEWS, [], { headers: { link: next } });
    expect(await gathered()).toEqual({ evidence: [] });
  });
});
