// What `halyard access explain` says of commits and tags without a database: every refusal in words, and what approvals are worth.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { CommitReport } from '../../../src/cli/access/commit-report.ts';
import { commitLines } from '../../../src/cli/access/commit-text.ts';
import { halyard } from '../../support/command.ts';
import { canServeGit, serveGit } from '../../support/git-https-server.ts';
import { GitRepository, temporaryFolder } from '../../support/git-repository.ts';
import { commitBytes, GpgHome, writeSigned } from '../../support/signing.ts';
import { flagYaml, PROJECT_YAML } from '../../support/sync-project.ts';
import { mailOf, type Name, Team } from '../../support/team.ts';
import { examined } from './examined.ts';

let team: Team;
let repository: GitRepository;
let base: string;
/** Frida's OpenPGP key, whose time is over. */
let gpg: GpgHome;
let frida: string;

/** The team's policy, with Frida in it. */
async function policy(): Promise<string> {
  const armored = (await gpg.publicKey(frida)).trim().replaceAll('\n', '\n    ');
  return team
    .policy()
    .replace(
      'people:\n',
      `people:\n  frida: { name: Frida Ford, keys: [${frida}], roles: [admin], github: frida-f }\n`,
    )
    .replace('rules:\n', `openpgp:\n  - |\n    ${armored}\nrules:\n`);
}

beforeAll(async () => {
  team = await Team.create();
  gpg = await GpgHome.create();
  frida = await gpg.key('Frida <frida@example.com>', {
    expires: '2020-02-01',
    options: ['--faked-system-time', '20200101T000000'],
  });
  repository = await GitRepository.create();
  base = await repository.commit('base', {
    'flags/project.yaml': PROJECT_YAML,
    'flags/access.yaml': await policy(),
    'flags/checkout.yaml': flagYaml('checkout'),
    'flags/payments/pay.yaml': flagYaml('pay'),
  });
});

afterAll(async () => {
  await repository[Symbol.asyncDispose]();
  await gpg[Symbol.asyncDispose]();
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

describe('a refusal', () => {
  /** Makes a commit, and gives what is said of it. */
  const cases: [string, () => Promise<unknown>, string, string][] = [
    [
      'access-denied',
      () => commit('bob', { 'flags/checkout.yaml': flagYaml('checkout', 90) }),
      'No rule lets bob, who signed the commit, change it in prod.',
      'Ask frida or alice to approve: `halyard approve',
    ],
    [
      'approval-missing',
      () => commit('bob', steep()),
      'Rule 3 (developer) lets bob change it in prod with 1 approval: there is none.',
      'Ask frida, alice or carol to approve: `halyard approve',
    ],
    [
      'signature-missing',
      () => commit(undefined, steep()),
      'is not signed',
      'git config commit.gpgSign true',
    ],
    [
      'signature-unknown-key',
      () => commit('mallory', steep(), mailOf('alice')),
      'is signed with a key that access.yaml gives to nobody',
      'Sign with a key of yours',
    ],
    [
      'signature-revoked',
      () => commit('lost', steep(), mailOf('bob')),
      'is signed with a key that access.yaml has revoked',
      'Sign it again with another key',
    ],
    [
      'signature-expired',
      expired,
      'is signed with a key or a signature whose time was over',
      'Renew the key',
    ],
    ['signature-invalid', tampered, 'has a signature that does not hold', 'somebody else did'],
    [
      'project-renamed',
      () => commit('alice', { 'flags/project.yaml': PROJECT_YAML.replace('acme/shop', 'acme/other') }),
      "A project's name can never change",
      'Write `project: acme/shop` again.',
    ],
  ];

  async function expired(): Promise<void> {
    await commit(undefined, steep());
    const [tree, parent] = [await repository.git('rev-parse', 'HEAD^{tree}'), base];
    const signer = gpg.signer(frida, '--faked-system-time', '20200110T000000');
    const bytes = commitBytes({ tree, parents: [parent], author: 'Frida <frida@example.com>' });
    await repository.git('reset', '-q', '--hard', await writeSigned(repository, bytes, signer));
  }

  async function tampered(): Promise<void> {
    await commit('alice', steep());
    const raw = await repository.git('cat-file', 'commit', 'HEAD');
    await repository.edit('.git/tampered', `${raw.replace('change', 'chance')}\n`);
    const forged = await repository.git('hash-object', '-t', 'commit', '-w', '.git/tampered');
    await repository.git('reset', '-q', '--hard', forged);
  }

  test.each(cases)('%s says what is wrong and what to do', async (code, make, message, hint) => {
    await make();
    const report = await examined(repository.folder, 'HEAD');
    expect(report).toMatchObject({ verdict: 'refused', recorded: false, problems: [{ code }] });
    const text = wordsOf(report);
    expect(text).toContain(message);
    expect(text).toContain(hint);
    expect(text).not.toContain('<commit>');
  });

  test('exits with 1, and has a stable shape', async () => {
    const id = await commit('bob', steep());
    await repository.git('update-ref', 'refs/pull/12/head', id);
    const { code, stdout } = await explain('refs/pull/12/head', '--remote', '.', '--format', 'json');
    expect(code).toBe(1);
    const report = JSON.parse(stdout);
    expect(Object.keys(report)).toEqual([
      ...[
        'kind',
        'commit',
        'subject',
        'author',
        'authorPerson',
        'committedAt',
        'tree',
        'signature',
        'policy',
      ],
      ...['compared', 'changes', 'approvals', 'verdict', 'recorded', 'problems', 'entries', 'notes'],
    ]);
    expect(report).toMatchObject({
      kind: 'commit',
      commit: id,
      policy: { source: 'git', project: 'acme/shop', revision: 'main', commit: base, exists: true },
      changes: [{ action: 'change', environments: ['prod'], paths: ['payments/pay.yaml'] }],
      approvals: { remote: repository.folder, found: [] },
      entries: [],
    });
  });
});

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
