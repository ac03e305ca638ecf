// What `halyard access explain` says of approvals, tags and merged commits, and of a repository of which there is no clone.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { CommitReport } from '../../../src/cli/access/commit-report.ts';
import { commitLines } from '../../../src/cli/access/commit-text.ts';
import { halyard } from '../../support/command.ts';
import { canServeGit, serveGit } from '../../support/git-https-server.ts';
import { GitRepository, temporaryFolder } from '../../support/git-repository.ts';
import { flagYaml, PROJECT_YAML } from '../../support/sync-project.ts';
import { mailOf, type Name, Team } from '../../support/team.ts';
import { examined } from './examined.ts';

let team: Team;
let repository: GitRepository;
let base: string;

beforeAll(async () => {
  team = await Team.create();
  repository = await GitRepository.create();
  base = await repository.commit('base', {
    'flags/project.yaml': PROJECT_YAML,
    'flags/access.yaml': team.policy(),
    'flags/checkout.yaml': flagYaml('checkout'),
    'flags/payments/pay.yaml': flagYaml('pay'),
  });
});

afterAll(async () => {
  await repository[Symbol.asyncDispose]();
  await team[Symbol.asyncDispose]();
});

beforeEach(async () => {
  await repository.git('checkout', '-q', '-f', '-B', 'main', base);
  await repository.git('checkout', '-q', '-B', 'topic');
});

afterEach(async () => {
  const refs = await repository.git(
    'for-each-ref',
    '--format=delete %(refname)',
    'refs/halyard',
    'refs/tags',
  );
  if (refs !== '') await repository.pipe(['update-ref', '--stdin'], Buffer.from(`${refs}\n`));
});

const explain = (...args: string[]) => halyard(['access', 'explain', ...args], repository.folder, '', QUIET);
const QUIET = { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
const steep = (percent = 90) => ({ 'flags/payments/pay.yaml': flagYaml('pay', percent) });
const commit = (signer: Name | undefined, edits: object, author = mailOf(signer ?? 'bob')) =>
  team.commit(repository, signer, 'change', { ...edits }, { author });
const wordsOf = (report: CommitReport) => commitLines(report, 'flags').join('\n');

describe('an approval', () => {
  test.each<[string, () => Promise<void>, string]>([
    [
      'that has expired',
      () => team.approve(repository, 'carol', { expires: '2001-01-01T00:00:00Z' }),
      'it has expired',
    ],
    ['of one’s own', () => team.approve(repository, 'bob'), 'bob signed the commit'],
    ['by a revoked key', () => team.approve(repository, 'lost'), 'its key is revoked'],
    ['by a stranger', () => team.approve(repository, 'mallory'), 'its key is nobody’s in the policy'],
    [
      'by whom no rule lets',
      () => team.approve(repository, 'vera'),
      'no rule lets vera make any of this change there',
    ],
    [
      'for another environment alone',
      () => team.approve(repository, 'carol', { environments: ['dev'] }),
      'no rule lets carol make any of this change there',
    ],
  ])('%s does not count, and why is said', async (_, approve, why) => {
    await commit('bob', steep());
    await approve();
    const report = await examined(repository.folder, 'HEAD');
    expect(report).toMatchObject({ verdict: 'refused', approvals: { found: [{ counts: false, why }] } });
    expect(wordsOf(report)).toContain(`does not count: ${why}`);
  });

  test('of a former tree is not there, and one of this tree counts', async () => {
    await commit('bob', steep(20));
    await team.approve(repository, 'carol');
    await commit('bob', steep(30));
    expect((await examined(repository.folder, 'HEAD')).approvals).toMatchObject({ found: [] });
    await team.approve(repository, 'carol');
    const { code, stdout } = await explain('HEAD');
    expect(code).toBe(0);
    expect(stdout).toContain(
      `carol (${team.keys.carol.fingerprint}) for prod until 2100-01-01T00:00:00Z: counts\n`,
    );
    expect(stdout).toMatch(/\nSync would apply it\.\n$/);
  });

  test('that cannot be looked up is told so: it may be there, so the command exits with 3', async () => {
    await commit('bob', steep());
    const folder = await temporaryFolder('halyard-explain-');
    try {
      const clone = join(folder, 'clone');
      await repository.git('clone', '--quiet', repository.folder, clone);
      await repository.git('-C', clone, 'remote', 'set-url', 'origin', join(folder, 'gone'));
      const { code, stdout, stderr } = await halyard(['access', 'explain', 'topic'], clone, '', QUIET);
      expect({ code, stderr }).toMatchObject({
        code: 3,
        stderr: expect.stringContaining('it did not work out with origin'),
      });
      expect(stdout).toContain('Sync would refuse it:');
      expect(stdout).toContain('not looked for: it did not work out with origin');
    } finally {
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    }
  });
});

test('a tag’s own signature is told, and decides nothing', async () => {
  const id = await commit('alice', steep());
  await repository.git(...team.signing('mallory'), 'tag', '-s', '-m', 'release', 'v1');
  const report = await examined(repository.folder, 'v1');
  expect(report).toMatchObject({
    commit: id,
    verdict: 'applied',
    tag: { signature: { status: 'unknown-key', fingerprint: team.keys.mallory.fingerprint } },
  });
  expect(wordsOf(report)).toMatch(
    / tag +.{10}, signature: of a key that the policy gives to nobody {2}SHA256/,
  );
});

test('a merged commit is compared with its first parent, and the first one of all with nothing', async () => {
  await repository.git('checkout', '-q', 'main');
  const first = await commit('alice', steep(20));
  await commit('alice', steep(30));
  const report = await examined(repository.folder, first);
  expect(report.compared).toMatchObject({ commit: base });
  const root = await examined(repository.folder, base);
  expect(root).toMatchObject({
    verdict: 'applied',
    policy: { exists: false },
    signature: { status: 'unsigned' },
  });
  expect(wordsOf(root)).toContain(
    'none, nothing before it (git): everyone who can merge may change everything',
  );
});

describe.runIf(canServeGit())('a repository of which there is no clone', () => {
  test('is read over https, and what is found there is judged', async () => {
    const id = await commit('bob', steep());
    await team.approve(repository, 'carol');
    await repository.git('update-ref', 'refs/pull/12/head', id);
    await repository.git('checkout', '-q', 'main');
    const folder = await temporaryFolder('halyard-explain-');
    try {
      await using server = await serveGit(repository.folder, folder, 'hunter2hunter2');
      const gitconfig = join(folder, 'gitconfig');
      const helper = "!printf 'username=x-access-token\\npassword=hunter2hunter2\\n' #";
      await repository.git('config', '--file', gitconfig, 'credential.helper', helper);
      const environment = { ...QUIET, GIT_CONFIG_GLOBAL: gitconfig, GIT_SSL_CAINFO: server.certificateFile };
      const args = ['access', 'explain', 'pr/12', '--repo', server.url, '--format', 'json'];
      const { code, stdout, stderr } = await halyard(args, folder, '', environment);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(JSON.parse(stdout)).toMatchObject({
        commit: id,
        verdict: 'applied',
        policy: { revision: 'origin/HEAD', commit: base, exists: true },
        approvals: { found: [{ person: 'carol', counts: true }] },
      });
    } finally {
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    }
  });
});
