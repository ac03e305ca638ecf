// `halyard approve` as a person runs it: in a clone or without one, with their own git, and refused where it would count for nothing.
import { chmod, cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Policy } from '../../src/access/policy.ts';
import { approvalsAt } from '../../src/cli/place/approvals.ts';
import { atPlace } from '../../src/cli/place/place.ts';
import type { AccessDefinition } from '../../src/model/definitions.gen.ts';
import type { ApprovalEvidence } from '../../src/model/evidence.ts';
import { type Ended, halyard } from '../support/command.ts';
import { canServeGit, serveGit } from '../support/git-https-server.ts';
import { GitRepository, temporaryFolder } from '../support/git-repository.ts';
import { flagYaml, PROJECT, PROJECT_YAML } from '../support/sync-project.ts';
import { Team } from '../support/team.ts';

let team: Team;
let folder: string;
/** What sync reads. */
let remote: GitRepository;
/** Bob's clone of it. */
let clone: string;
/** The head of pull request 12, by alice: checkout goes to 25 percent in prod. */
let head: string;

/** A remote and a clone as each test begins with. */
let template: string;

beforeAll(async () => {
  team = await Team.create();
  template = await temporaryFolder('halyard-approve-template-');
  await using repository = await GitRepository.create();
  await repository.commit('base', {
    'flags/project.yaml': PROJECT_YAML,
    'flags/access.yaml': team.policy(),
    'flags/checkout.yaml': flagYaml('checkout', 10),
  });
  await repository.git('checkout', '--quiet', '-b', 'topic');
  const edits = { 'flags/checkout.yaml': flagYaml('checkout', 25) };
  head = await team.commit(repository, 'alice', 'Raise the ramp', edits);
  await repository.git('update-ref', 'refs/pull/12/head', head);
  await repository.git('checkout', '--quiet', 'main');
  await repository.git('branch', '-D', 'topic');
  await cp(repository.folder, join(template, 'remote'), { recursive: true });
});

afterAll(async () => {
  await team[Symbol.asyncDispose]();
  await rm(template, { recursive: true, force: true });
});

beforeEach(async () => {
  folder = await temporaryFolder('halyard-approve-test-');
  remote = await GitRepository.create();
  await cp(join(template, 'remote'), remote.folder, { recursive: true });
  clone = join(folder, 'clone');
  await remote.git('clone', '--quiet', '--branch', 'main', remote.folder, clone);
});

afterEach(async () => {
  await remote[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

const inClone = (...args: string[]) => remote.git('-C', clone, ...args);
/** With a git that nobody has set up but the test. */
const run = (args: string[], cwd: string, environment: NodeJS.ProcessEnv = {}): Promise<Ended> =>
  halyard(['approve', ...args], cwd, '', {
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    ...environment,
  });
const approve = (...args: string[]): Promise<Ended> => run(args, clone);
const asBob = (...args: string[]) => approve(...args, '--key', team.keys.bob.file);

async function refs(): Promise<string[]> {
  const listing = await remote.git('for-each-ref', '--format=%(refname)', 'refs/halyard/');
  return listing === '' ? [] : listing.split('\n');
}

/** What the remote has for the pull request's tree, as `access explain` shows it. */
async function approvals(
  options = { repo: clone, path: 'flags', remote: 'origin' },
): Promise<ApprovalEvidence[]> {
  const people = { bob: { roles: ['developer'], keys: [team.keys.bob.fingerprint] } };
  const body: AccessDefinition = { access: 1, people, rules: [{ role: 'developer', may: ['change'] }] };
  const tree = await remote.git('rev-parse', `${head}:flags`);
  const question = { project: PROJECT, tree, policy: new Policy(body) };
  return atPlace(options, (place) => approvalsAt(place, question, Date.now()));
}

test('shows what is approved, signs it, and leaves it where sync finds it', async () => {
  const { code, stdout, stderr } = await asBob(
    'pr/12',
    '--environment',
    'prod',
    '--environment',
    'dev',
    '--expires',
    '2d',
  );
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const tree = await remote.git('rev-parse', `${head}:flags`);
  expect(stdout).toContain(`${head.slice(0, 10)}  Raise the ramp\n`);
  expect(stdout).toMatch(/ author +Alice\n/);
  expect(stdout).toMatch(/ for +dev, prod\n/);
  expect(stdout).toContain(tree);
  expect(stdout).toContain('compared with origin/HEAD: 1 flag changes, and somebody moves.');
  expect(stdout).toContain('percent 10 → 25');
  expect(stdout).toContain(`approved by bob (${team.keys.bob.fingerprint})`);
  expect(stdout).not.toContain('@example.com');
  expect(await refs()).toEqual([expect.stringMatching(`^refs/halyard/approvals/${tree}/[0-9a-f]{16}$`)]);
  const [approval, ...others] = await approvals();
  expect(others).toEqual([]);
  expect(approval?.signed).toEqual({
    status: 'valid',
    fingerprint: team.keys.bob.fingerprint,
    person: 'bob',
  });
  const stated = JSON.parse(approval?.statement ?? '');
  expect(stated).toEqual({
    v: 1,
    project: PROJECT,
    tree,
    environments: ['dev', 'prod'],
    expires: expect.any(String),
  });
  const daysLeft = (Date.parse(stated.expires) - Date.now()) / 86_400_000;
  expect(daysLeft).toBeGreaterThan(1.9);
  expect(daysLeft).toBeLessThanOrEqual(2);
});

test('says where else the change counts, which the approval does not name', async () => {
  const elsewhere = 'It changes prod too, for which this approval does not count.';
  expect((await asBob('pr/12', '--environment', 'dev')).stdout).toContain(elsewhere);
  expect((await asBob('pr/12', '--environment', 'prod')).stdout).not.toContain('It changes');
});

describe('finds the commit by', () => {
  test('the number of a pull or merge request, a branch that only the remote has, and a whole id', async () => {
    await remote.git('update-ref', 'refs/merge-requests/13/head', head);
    await remote.git('branch', 'their-topic', head);
    for (const name of ['#12', '!13', 'their-topic', head]) {
      const { code, stdout } = await asBob(name, '--environment', 'prod', '--format', 'json');
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ commit: head, project: PROJECT, person: 'bob' });
    }
  });

  test.each([
    ['refs/pull/99/head', 'has no pull or merge request 99'],
    ['man', 'Did you mean `main`?'],
    ['--upload-pack=touch /tmp/x', 'unknown option'],
    ['HEAD:flags', 'there is no commit'],
  ])('but not %s', async (name, message) => {
    const { code, stderr } = await asBob(name, '--environment', 'prod');
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(await refs()).toEqual([]);
  });
});

describe('without --key', () => {
  test('git’s own signing key signs', async () => {
    await inClone('config', 'gpg.format', 'ssh');
    await inClone('config', 'user.signingkey', team.keys.bob.file);
    expect((await approve('pr/12', '--environment', 'prod')).code).toBe(0);
    expect(await approvals()).toMatchObject([{ signed: { person: 'bob' } }]);
  });

  test('and without an SSH key of git’s, it says what to do', async () => {
    await inClone('config', 'gpg.format', 'openpgp');
    await inClone('config', 'user.signingkey', 'ABCDEF');
    const { code, stderr } = await approve('pr/12', '--environment', 'prod');
    expect(code).toBe(2);
    expect(stderr).toContain('name your SSH key with --key');
  });
});

describe('refuses', () => {
  test('an environment that there is not, and names one that is', async () => {
    const { code, stderr } = await asBob('pr/12', '--environment', 'prd');
    expect(code).toBe(2);
    expect(stderr).toContain('there is no environment `prd`. Did you mean `prod`?');
  });

  test('to approve nowhere, and to do it for years', async () => {
    const nowhere = await asBob('pr/12');
    expect(nowhere.code).toBe(2);
    expect(nowhere.stderr).toContain('--environment');
    const forever = await asBob('pr/12', '--environment', 'prod', '--expires', '366d');
    expect(forever.code).toBe(2);
    expect(forever.stderr).toContain('1m to 365d');
  });

  test('a commit that the same key signed', async () => {
    const { code, stderr } = await approve('pr/12', '--environment', 'prod', '--key', team.keys.alice.file);
    expect(code).toBe(1);
    expect(stderr).toContain('you have signed this commit yourself');
    expect(await refs()).toEqual([]);
  });

  test('a commit whose author the policy knows the key as', async () => {
    await remote.git('checkout', '--quiet', '-b', 'bobs');
    const yaml = flagYaml('checkout', 50);
    await team.commit(
      remote,
      'forge',
      'By bob',
      { 'flags/checkout.yaml': yaml },
      { author: 'Bob <bob@example.com>' },
    );
    const { code, stderr } = await asBob('bobs', '--environment', 'prod');
    expect(code).toBe(1);
    expect(stderr).toContain("`bob`, who you are by your key, is this commit's author");
  });

  test('definitions with errors, which sync rejects anyhow', async () => {
    await remote.git('checkout', '--quiet', '-b', 'broken');
    await team.commit(remote, 'alice', 'Broken', { 'flags/checkout.yaml': 'flag: checkout\n' });
    const { code, stderr } = await asBob('broken', '--environment', 'prod');
    expect(code).toBe(1);
    expect(stderr).toContain('flags/checkout.yaml:1:1');
    expect(stderr).toContain('sync rejects this commit, whoever approves it');
    expect(await refs()).toEqual([]);
  });

  test('a folder without definitions', async () => {
    const { code, stderr } = await asBob('pr/12', '--environment', 'prod', '--path', 'nowhere');
    expect(code).toBe(2);
    expect(stderr).toContain('has no folder `nowhere`');
  });

  test('a folder that is in no repository, and a remote that there is not', async () => {
    const outside = await run(['pr/12', '--environment', 'prod', '--key', team.keys.bob.file], folder);
    expect(outside.code).toBe(2);
    expect(outside.stderr).toContain('is in no git repository');
    const elsewhere = await asBob('pr/12', '--environment', 'prod', '--remote', 'upstream');
    expect(elsewhere.code).toBe(2);
    expect(elsewhere.stderr).toContain('no remote `upstream`');
  });

  test('a key that is no key', async () => {
    const { code, stderr } = await approve(
      'pr/12',
      '--environment',
      'prod',
      '--key',
      join(clone, 'flags/project.yaml'),
    );
    expect(code).toBe(2);
    expect(stderr).toContain('project.yaml');
  });
});

describe('warns, and approves all the same,', () => {
  test('where the branch has moved on, so that another tree will be merged', async () => {
    await remote.commit('meanwhile', { 'flags/search.yaml': flagYaml('search') });
    await inClone('fetch', '--quiet');
    const { code, stderr } = await asBob('pr/12', '--environment', 'prod');
    expect(code).toBe(0);
    expect(stderr).toContain('`origin/HEAD` has other definitions since this commit left it');
  });

  test('but not where only other files have', async () => {
    await remote.commit('meanwhile', { 'src/main.ts': 'run();' });
    await inClone('fetch', '--quiet');
    expect(await asBob('pr/12', '--environment', 'prod')).toMatchObject({ code: 0, stderr: '' });
  });

  test('where the key is nobody’s in the policy', async () => {
    const { code, stderr } = await approve('pr/12', '--environment', 'prod', '--key', team.keys.mallory.file);
    expect(code).toBe(0);
    expect(stderr).toContain(
      `${team.keys.mallory.fingerprint} is nobody's in access.yaml of \`origin/HEAD\``,
    );
  });
});

test('what is merged by now is compared with what was there before it', async () => {
  await remote.git('merge', '--quiet', '--ff-only', head);
  await inClone('pull', '--quiet');
  const { code, stdout, stderr } = await asBob('main', '--environment', 'prod');
  expect(code).toBe(0);
  expect(stdout).toContain(`compared with ${head.slice(0, 10)}^: 1 flag changes`);
  expect(stderr).toContain('If that was refused, the approval answers for both');
});

test('a clone that sync reads itself keeps the approval itself', async () => {
  const args = [head, '--environment', 'prod', '--remote', '.', '--key', team.keys.bob.file];
  const { code } = await run(args, remote.folder);
  expect(code).toBe(0);
  expect(await refs()).toHaveLength(1);
});

test('a clone without files fetches those that it needs', async () => {
  await remote.git('config', 'uploadpack.allowFilter', 'true');
  await remote.git('config', 'uploadpack.allowAnySHA1InWant', 'true');
  const partial = join(folder, 'partial');
  await remote.git(
    'clone',
    '--quiet',
    '--filter=blob:none',
    '--no-checkout',
    `file://${remote.folder}`,
    partial,
  );
  const args = ['pr/12', '--environment', 'prod', '--key', team.keys.bob.file];
  expect(await run(args, partial)).toMatchObject({ code: 0, stderr: '' });
});

test('hooks of the clone are not run, and its work tree is left alone', async () => {
  const hooks = join(clone, '.git/hooks');
  await mkdir(hooks, { recursive: true });
  await writeFile(join(hooks, 'pre-push'), '#!/bin/sh\nexit 1\n');
  await chmod(join(hooks, 'pre-push'), 0o755);
  await writeFile(join(clone, 'flags/checkout.yaml'), 'half written');
  const before = await inClone('for-each-ref');
  expect((await asBob('pr/12', '--environment', 'prod')).code).toBe(0);
  expect(await inClone('for-each-ref')).toBe(before);
  expect(await inClone('status', '--porcelain')).toBe('M flags/checkout.yaml');
});

test('a remote that refuses, or is away, is told as such', async () => {
  const hook = join(remote.folder, '.git/hooks/pre-receive');
  await mkdir(join(remote.folder, '.git/hooks'), { recursive: true });
  await writeFile(hook, '#!/bin/sh\nexit 1\n');
  await chmod(hook, 0o755);
  const refused = await asBob('pr/12', '--environment', 'prod');
  expect(refused.code).toBe(3);
  expect(refused.stderr).toContain('must let you push to refs/halyard/approvals/');
  await remote.away(async () => {
    const away = await asBob('pr/12', '--environment', 'prod');
    expect(away.code).toBe(3);
    expect(away.stderr).toContain('it did not work out with origin');
  });
});

describe.runIf(canServeGit())('a repository of which there is no clone', () => {
  test('is read over https with the credentials of git’s own helper, and asks for none where there are none', async () => {
    const TOKEN = 'hunter2hunter2';
    await remote.git('config', 'http.receivepack', 'true');
    await using server = await serveGit(remote.folder, folder, TOKEN);
    const gitconfig = join(folder, 'gitconfig');
    const config = (...args: string[]) => remote.git('config', '--file', gitconfig, ...args);
    const args = [
      'pr/12',
      '--environment',
      'prod',
      '--key',
      team.keys.bob.file,
      '--format',
      'json',
      '--repo',
    ];
    const withConfig = { GIT_CONFIG_GLOBAL: gitconfig, GIT_SSL_CAINFO: server.certificateFile };
    const denied = await run([...args, server.url], folder, withConfig);
    expect(denied.code).toBe(3);
    expect(denied.stderr).toContain('Sign in first');
    await config('credential.helper', `!printf 'username=x-access-token\\npassword=${TOKEN}\\n' #`);
    const { code, stdout, stderr } = await run([...args, server.url], folder, withConfig);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({ commit: head, person: 'bob' });
    expect(await refs()).toHaveLength(1);
    const password = await run([...args, server.url.replace('//', `//u:${TOKEN}@`)], folder);
    expect(password.code).toBe(2);
    expect(password.stderr).not.toContain(TOKEN);
  });

  test('is read from a path too', async () => {
    const args = ['pr/12', '--environment', 'prod', '--key', team.keys.bob.file, '--remote', '.'];
    expect((await run([...args, '--repo', remote.folder], folder)).code).toBe(0);
    expect(await approvals({ repo: remote.folder, path: 'flags', remote: '.' })).toHaveLength(1);
  });
});
