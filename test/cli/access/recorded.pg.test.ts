// What a database adds to `access explain`: what is applied, and what became of a commit.
import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commitLines } from '../../../src/cli/access/commit-text.ts';
import { halyard } from '../../support/command.ts';
import { type FileEdits, temporaryFolder } from '../../support/git-repository.ts';
import { PolicedProject } from '../../support/policed-project.ts';
import { createLogin } from '../../support/service-login.ts';
import { flagYaml, PROJECT_YAML, SyncProject } from '../../support/sync-project.ts';
import type { Name } from '../../support/team.ts';
import { examined } from './examined.ts';

let origin: PolicedProject;

beforeAll(async () => {
  origin = await PolicedProject.create({
    'flags/checkout.yaml': flagYaml('checkout'),
    'flags/search.yaml': flagYaml('search'),
    'flags/payments/pay.yaml': flagYaml('pay'),
  });
});

afterAll(() => origin[Symbol.asyncDispose]());

test('what sync did with a commit is told afterwards, in the words of the policy of then', async () => {
  await using project = await origin.copy();
  const { repository, database } = project;
  const commit = (...args: [Name | undefined, string, FileEdits]) => origin.team.commit(repository, ...args);
  const explained = (id: string) => examined(repository.folder, id, database.url);
  const steep = { 'flags/payments/pay.yaml': flagYaml('pay', 90) };
  const refused = await commit('bob', 'Raise the ramp', steep);
  const unsigned = await commit(undefined, 'Search too', { 'flags/search.yaml': flagYaml('search', 20) });
  const mended = await commit('alice', 'All of it', { 'flags/checkout.yaml': flagYaml('checkout', 30) });
  const promoted = await commit('alice', 'Bob is admin', {
    'flags/access.yaml': origin.team.policy({ admins: ['alice', 'bob'] }),
  });
  const readme = await commit('mallory', 'Words', { 'README.md': 'x' });
  await project.sync();
  await commit('bob', 'Less', { 'flags/payments/pay.yaml': flagYaml('pay', 10) });
  await project.sync();
  expect(await explained(refused)).toMatchObject({
    verdict: 'refused',
    recorded: true,
    problems: [{ code: 'approval-missing', message: expect.stringContaining('Rule 3 (developer) lets bob') }],
    entries: [{ entry: 2, action: 'commit.rejected' }],
    policy: { source: 'git', commit: origin.imported, exists: true },
  });
  expect(await explained(unsigned)).toMatchObject({
    verdict: 'refused',
    signature: { status: 'unsigned' },
    problems: [
      { code: 'signature-missing', file: 'access.yaml', hint: expect.stringContaining('git config') },
    ],
  });
  // Whoever signs on top of what was refused answers for all of it.
  const paths = ['checkout.yaml', 'payments/pay.yaml', 'search.yaml'];
  expect(await explained(mended)).toMatchObject({
    verdict: 'applied',
    recorded: true,
    changes: [{ environments: ['prod'], paths: [paths[0], paths[2]] }, { paths: [paths[1]] }],
  });
  expect(await explained(promoted)).toMatchObject({
    verdict: 'applied',
    changes: [{ action: 'change-access', environments: ['dev', 'prod'], ways: [{ people: ['alice'] }] }],
  });
  expect(await explained(readme)).toMatchObject({
    verdict: 'passed-over',
    entries: [],
    notes: [expect.stringContaining('It has no entry')],
  });
  const head = await explained('HEAD');
  expect(head).toMatchObject({ verdict: 'applied', entries: [{ entry: 6 }], signature: { person: 'bob' } });
});

test('a commit that is refused now is told with what is needed, and with what came since', async () => {
  await using project = await origin.copy();
  const { repository, database } = project;
  const steep = { 'flags/payments/pay.yaml': flagYaml('pay', 90) };
  const id = await origin.team.commit(repository, 'bob', 'Raise the ramp', steep);
  await project.sync();
  const before = await examined(repository.folder, id, database.url);
  expect(before).toMatchObject({
    verdict: 'refused',
    recorded: false,
    policy: { source: 'database', project: 'acme/shop', entry: 2 },
    entries: [{ entry: 2, problems: [{ code: 'approval-missing' }] }],
    problems: [
      {
        hint: `Ask alice or carol to approve: \`halyard approve ${id.slice(0, 10)} --environment prod --remote .\`.`,
      },
    ],
  });
  expect(commitLines(before, 'flags').join('\n')).toContain('Refused (entry 2); still sync would refuse it:');
  await origin.team.approve(repository, 'carol');
  const after = await examined(repository.folder, id, database.url);
  expect(after).toMatchObject({
    verdict: 'applied',
    recorded: false,
    approvals: { found: [{ person: 'carol', counts: true }] },
  });
  expect(commitLines(after, 'flags').join('\n')).toContain('Refused (entry 2); now sync would apply it.');
});

test('an approval that has let a change be applied is told to be used', async () => {
  await using project = await origin.copy();
  const { repository, database } = project;
  const to = (percent: number) =>
    origin.team.commit(repository, 'bob', `to ${percent}`, {
      'flags/payments/pay.yaml': flagYaml('pay', percent),
    });
  const approved = await to(20);
  await origin.team.approve(repository, 'carol');
  await project.sync();
  await to(30);
  await origin.team.approve(repository, 'carol');
  await project.sync();
  const back = await to(20);
  const report = await examined(repository.folder, back, database.url);
  const why = expect.stringContaining('is for one change');
  expect(report).toMatchObject({
    verdict: 'refused',
    problems: [{ code: 'approval-missing' }],
    approvals: { found: [{ person: 'carol', counts: false, why }] },
  });
  expect(await project.sync()).toMatchObject({ outcome: 'rejected' });
  const before = await examined(repository.folder, approved, database.url);
  expect(before).toMatchObject({
    verdict: 'applied',
    approvals: { found: [{ person: 'carol', counts: true }] },
  });
});

test('a branch that lacks what was judged last is compared with what they have in common', async () => {
  await using project = await origin.copy();
  const { repository, database } = project;
  await repository.git('checkout', '-q', '-B', 'topic');
  const ofDev = flagYaml('checkout').replace('dev: { serve: on }', 'dev: { serve: off }');
  const topic = await origin.team.commit(repository, 'bob', 'Off in dev', { 'flags/checkout.yaml': ofDev });
  await repository.git('checkout', '-q', 'main');
  const ahead = await origin.team.commit(repository, 'alice', 'Elsewhere', {
    'flags/search.yaml': flagYaml('search', 50),
  });
  await project.sync();
  expect(await examined(repository.folder, 'topic', database.url)).toMatchObject({
    verdict: 'applied',
    changes: [{ environments: ['dev'], paths: ['checkout.yaml'] }],
    compared: { source: 'git', commit: origin.imported },
    notes: [expect.stringContaining(`does not have ${ahead.slice(0, 10)}`)],
  });
  await repository.git(
    ...origin.team.signing('alice'),
    'merge',
    '-q',
    '--no-ff',
    '-m',
    'Merge topic',
    'topic',
  );
  await project.sync();
  const merge = await repository.head();
  expect((await examined(repository.folder, topic, database.url)).notes).toEqual([
    `It has no entry of its own: it was merged by ${merge.slice(0, 10)}, whose signer answered for it.`,
  ]);
});

test('what is first applied is judged by no policy, and a reader’s rights are enough to ask', async () => {
  await using project = await SyncProject.create();
  await using service = await createLogin(project.database.url, { group: 'halyard_reader' });
  const { repository } = project;
  const files = { 'flags/project.yaml': PROJECT_YAML, 'flags/access.yaml': origin.team.policy() };
  const id = await origin.team.commit(repository, 'mallory', 'import', files);
  expect(await examined(repository.folder, id, service.url)).toMatchObject({
    verdict: 'applied',
    policy: { source: 'database', entry: 0, exists: false },
    notes: [expect.stringContaining('judged by no policy')],
  });
  await project.sync();
  await origin.team.commit(repository, 'vera', 'change', { 'flags/checkout.yaml': flagYaml('checkout') });
  expect(await examined(repository.folder, 'HEAD', service.url)).toMatchObject({
    verdict: 'refused',
    problems: [{ code: 'access-denied' }],
    policy: { source: 'database', entry: 1, exists: true },
  });
  expect(await project.sync()).toMatchObject({ outcome: 'rejected' });
});

describe('the command', () => {
  const run = (url: string, cwd: string, ...args: string[]) =>
    halyard(['access', 'explain', ...args, '--database-url', url], cwd, '', {
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_CONFIG_NOSYSTEM: '1',
    });

  test('tells of people without a clone, from the database that is named', async () => {
    const folder = await temporaryFolder('halyard-explain-');
    try {
      const { code, stdout } = await run(origin.base.database.url, folder, 'carol');
      expect(code).toBe(0);
      expect(stdout).toContain('policy   applied in acme/shop, as of entry 1 (database)\n');
      expect(await run(origin.base.database.url, folder, 'carol', '--project', 'acme/none')).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('has no project acme/none'),
      });
      expect(await run(origin.base.database.url, folder, 'HEAD')).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('is in no git repository'),
      });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  test('exits with 3 where PostgreSQL is away', async () => {
    const { code, stdout } = await run(
      'postgres://nobody@127.0.0.1:1/none',
      origin.base.repository.folder,
      'HEAD',
    );
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
  });
});
