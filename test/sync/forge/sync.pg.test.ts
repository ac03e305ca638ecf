// A forge beside a real sync: reviews let a commit through, whenever they come, and an outage turns into no refusal.
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { verifyAudit } from '../../../src/audit/verify.ts';
import { Api } from '../../../src/sync/evidence/api.ts';
import { GitHub } from '../../../src/sync/evidence/github.ts';
import { Sync } from '../../../src/sync/loop.ts';
import { halyard } from '../../support/command.ts';
import { ForgeServer } from '../../support/forge-server.ts';
import { temporaryFolder } from '../../support/git-repository.ts';
import { flagYaml, PROJECT_YAML, SyncProject } from '../../support/sync-project.ts';
import { Team } from '../../support/team.ts';
import { until } from '../../support/until.ts';

const AT = '/repos/acme/shop';
const REVIEWS = `${AT}/pulls/12/reviews?per_page=100`;
const listing = (commit: string) => `${AT}/commits/${commit}/pulls?per_page=100`;

let team: Team;
let folder: string;
let project: SyncProject;
let server: ForgeServer;
let forge: GitHub;
/** Ahead of the clock, so that nobody waits for the forge's turn. */
let aheadMs: number;
const now = () => Date.now() + aheadMs;

beforeAll(async () => {
  [team, folder] = await Promise.all([Team.create(), temporaryFolder('halyard-forge-')]);
  await writeFile(join(folder, 'token'), 'hunter2hunter2');
});

afterAll(async () => {
  await team[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

beforeEach(async () => {
  aheadMs = 0;
  [project, server] = await Promise.all([SyncProject.create(), ForgeServer.start()]);
  server.answer(AT, { id: 1 });
  const api = new Api({ name: 'GitHub', url: server.url, tokenFile: join(folder, 'token'), now });
  forge = new GitHub(api, 'acme/shop');
  await project.repository.commit('import', {
    'flags/project.yaml': PROJECT_YAML,
    'flags/access.yaml': team.policy().replace('carol: {', 'carol: { github: Carol-At-Work,'),
    'flags/payments/pay.yaml': flagYaml('pay'),
  });
  expect((await project.sync()).outcome).toBe('applied');
});

/** By other code than sync's, from git and the entries alone: the forge is not asked. */
afterEach(async () => {
  await server[Symbol.asyncDispose]();
  const { repository, stateFolder, pool } = project;
  const verified = await verifyAudit(pool, { repository: { repo: repository.folder, stateFolder } });
  expect(verified.break).toBeUndefined();
  await project[Symbol.asyncDispose]();
});

const pay = (percent: number) => ({ 'flags/payments/pay.yaml': flagYaml('pay', percent) });
const sync = () => project.sync({ forge, now });

/** Bob's commit, merged as pull request 12, of which nobody has approved anything yet. */
async function merged(percent: number): Promise<string> {
  const commit = await team.commit(project.repository, 'bob', `Pay ${percent} (#12)`, pay(percent));
  answerPull(commit);
  server.answer(REVIEWS, []);
  return commit;
}

/** As GitHub has it, merged as this commit. */
function answerPull(mergedAs: string): void {
  server.answer(`${AT}/pulls/12`, { ...listed(mergedAs), merged: true });
}

const listed = (mergedAs: string) => ({
  number: 12,
  merged_at: '2026-01-01T00:00:00Z',
  merge_commit_sha: mergedAs,
  user: { login: 'bob' },
  base: { ref: 'main' },
});

const approved = (commit: string) =>
  server.answer(REVIEWS, [
    {
      id: 1,
      state: 'APPROVED',
      user: { login: 'carol-at-work' },
      commit_id: commit,
      submitted_at: '2026-01-01T00:00:00Z',
    },
  ]);

test('a review of the merged tree lets a commit through, and its entry holds what the forge said', async () => {
  approved(await merged(20));
  const { outcome } = await sync();
  expect(outcome).toBe('applied');
  const entry = (await project.entries()).at(-1);
  expect(entry).toMatchObject({
    action: 'commit.applied',
    pullRequest: 12,
    evidence: [
      { kind: 'github-review', reviewer: 'carol-at-work', commit: entry.commit, at: '2026-01-01T00:00:00Z' },
    ],
  });
  expect(JSON.stringify(await project.entries())).not.toContain('hunter2');
});

test('without one it is refused, and a running sync applies it once the review is there', async () => {
  const commit = await merged(20);
  await using running = new Sync(project.options({ forge, now }));
  const stop = new AbortController();
  const run = running.run(stop.signal);
  await until(() => running.status.outcome === 'rejected');
  approved(commit);
  aheadMs = 10_000;
  await until(() => running.status.outcome === 'applied');
  stop.abort();
  await run;
  expect((await project.entries()).map(({ action }) => action)).toEqual([
    'commit.applied',
    'commit.rejected',
    'commit.applied',
  ]);
});

test('several commits that a pull request rebased are let through by its review, though no message names it', async () => {
  const { repository } = project;
  const first = await team.commit(repository, 'bob', 'Pay', pay(20));
  const last = await team.commit(repository, 'bob', 'Test it', { 'test.txt': 'x' });
  answerPull(last);
  for (const commit of [first, last]) server.answer(listing(commit), [listed(last)]);
  approved(last);
  expect(await sync()).toMatchObject({ outcome: 'applied', events: [{ commit: first, type: 'applied' }] });
  const entry = (await project.entries()).at(-1);
  expect(entry.evidence).toMatchObject([{ reviewer: 'carol-at-work', pullRequest: 12, commit: last }]);
  expect(entry).not.toHaveProperty('pullRequest');
  const shown = await halyard(['audit', 'show', '2', '--database-url', project.database.url], folder);
  expect(shown.stdout).toContain('GitHub: carol-at-work approved #12 at 2026-01-01T00:00:00Z');
});

test('whoever approves something else on top of a refused commit has not approved that one', async () => {
  const { repository } = project;
  const refused = await team.commit(repository, 'bob', 'Pay', pay(20));
  expect((await sync()).outcome).toBe('rejected');
  const onTop = await team.commit(repository, 'bob', 'Docs (#12)', { 'docs.txt': 'x' });
  answerPull(onTop);
  server.answer(listing(refused), []);
  server.answer(listing(onTop), [listed(onTop)]);
  approved(onTop);
  aheadMs = 10_000;
  expect(await sync()).toMatchObject({ outcome: 'rejected', events: [] });
});

test('a pull request about which no answer says anything stalls nobody', async () => {
  await merged(20);
  server.answer(`${AT}/pulls/12`, '<html>');
  await team.commit(project.repository, 'alice', 'Pay', pay(30));
  expect(await sync()).toMatchObject({
    outcome: 'applied',
    events: [{ type: 'rejected' }, { type: 'applied' }],
  });
});

test('a review of an earlier push lets nothing through', async () => {
  const reviewed = await team.commit(project.repository, 'bob', 'Pay', pay(20));
  await project.repository.git('update-ref', 'refs/pull/12/head', reviewed);
  await project.repository.git('reset', '--hard', '--quiet', 'HEAD^');
  await merged(90);
  approved(reviewed);
  expect((await sync()).outcome).toBe('rejected');
  expect((await project.entries()).at(-1)).toMatchObject({
    evidence: [],
    problems: [{ code: 'approval-missing' }],
  });
});

test('a forge that is away makes no commit refused: sync fails, tries again, and applies it', async () => {
  const commit = await merged(20);
  approved(commit);
  server.answer(`${AT}/pulls/12`, 'down', { status: 500 });
  await using running = new Sync(project.options({ forge, now }));
  const stop = new AbortController();
  const run = running.run(stop.signal);
  await until(() => running.status.counts.failures.forge > 1);
  expect(running.status.report()).toMatchObject({
    state: 'failing',
    lastProblem: `GitHub answers 500 to ${AT}/pulls/12: it fails.`,
  });
  expect(await project.entries()).toHaveLength(1);
  answerPull(commit);
  await until(() => running.status.outcome === 'applied' && !running.status.isFailing);
  stop.abort();
  await run;
  expect((await project.entries()).map(({ action }) => action)).toEqual(['commit.applied', 'commit.applied']);
});

test('a forge that is away holds nobody up who needs no review', async () => {
  const commit = await team.commit(project.repository, 'alice', 'Pay (#12)', pay(30));
  server.answer(`${AT}/pulls/12`, 'down', { status: 500 });
  expect((await sync()).outcome).toBe('applied');
  expect((await project.entries()).at(-1)).toMatchObject({ commit, evidence: [] });
});
