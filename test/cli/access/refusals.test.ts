// Every refusal of a commit as `halyard access explain` words it, without a database.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { CommitReport } from '../../../src/cli/access/commit-report.ts';
import { commitLines } from '../../../src/cli/access/commit-text.ts';
import { halyard } from '../../support/command.ts';
import { GitRepository } from '../../support/git-repository.ts';
import { commitBytes, GpgHome, hasGpg, writeSigned } from '../../support/signing.ts';
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

const explain = (...args: string[]) => halyard(['access', 'explain', ...args], repository.folder, '', QUIET);
const QUIET = { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
const steep = (percent = 90) => ({ 'flags/payments/pay.yaml': flagYaml('pay', percent) });
const commit = (signer: Name | undefined, edits: object, author = mailOf(signer ?? 'bob')) =>
  team.commit(repository, signer, 'change', { ...edits }, { author });
const wordsOf = (report: CommitReport) => commitLines(report, 'flags').join('\n');

describe.skipIf(!hasGpg)('a refusal', () => {
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
