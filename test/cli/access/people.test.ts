// What `halyard access explain` says of people: who is meant, and what they may do.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { Policy } from '../../../src/access/policy.ts';
import { personMeant } from '../../../src/cli/access/person.ts';
import { halyard } from '../../support/command.ts';
import { GitRepository } from '../../support/git-repository.ts';
import { flagYaml, PROJECT_YAML } from '../../support/sync-project.ts';
import { Team } from '../../support/team.ts';

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
  });
});

afterAll(async () => {
  await repository[Symbol.asyncDispose]();
  await team[Symbol.asyncDispose]();
});

const QUIET = { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
const explain = (...args: string[]) => halyard(['access', 'explain', ...args], repository.folder, '', QUIET);

describe('a person is meant', () => {
  const keys = [`SHA256:${'a'.repeat(43)}`];
  const people = {
    bob: { name: 'Robert', roles: ['developer'], emails: ['bob@example.com'], keys },
    robert: { name: 'Alice', roles: ['developer'], github: 'octo' },
    alice: { name: 'Twin', roles: ['admin'], gitlab: 'Ally' },
    twin2: { name: 'Twin', roles: ['admin'] },
  };
  const policy = new Policy({
    access: 1,
    people,
    rules: [{ role: 'admin', may: ['change'] }],
    revoked: keys,
  });

  test.each([
    ['their own key before anyone’s name', 'robert', 'robert'],
    ['an address, in any case', 'Bob@Example.com', 'bob'],
    ['a revoked key too', keys[0] ?? '', 'bob'],
    ['a login', 'OCTO', 'robert'],
    ['a login elsewhere', 'ally', 'alice'],
    ['no name that two have', 'twin', undefined],
    ['no part of a name', 'rob', undefined],
    ['no word of JavaScript', 'constructor', undefined],
  ])('by %s', (_, asked, person) => {
    expect(personMeant(policy, asked)).toBe(person);
  });
});

test('a person is told with keys, and with what the rules say of each environment', async () => {
  const { code, stdout } = await explain(team.keys.lost.fingerprint);
  expect(code).toBe(0);
  expect(stdout).toBe(`bob
    roles    developer
    keys     ${team.keys.bob.fingerprint}
             ${team.keys.lost.fingerprint} (revoked: worth nothing)
    emails   bob@example.com
    policy   main at ${base.slice(0, 10)} (git)

    dev   change all files alone (rule 2, developer)
          may not: change the access policy; override any flag
    prod  change payments/** with 1 approval, of alice or carol (rule 3, developer)
          change vault/** with 2 approvals, of alice or carol (rule 4, developer)
          may not: change other files; change the access policy; override any flag
`);
  const json = JSON.parse((await explain('bob', '--format', 'json')).stdout);
  expect(Object.keys(json)).toEqual(['kind', 'policy', 'person', 'roles', 'keys', 'emails', 'environments']);
  expect(json.environments[1].powers[0]).toEqual({
    action: 'change',
    rule: 3,
    role: 'developer',
    paths: ['payments/**'],
    approvals: 1,
    approvers: ['alice', 'carol'],
    someApprovers: [],
  });
});

test('where nobody is named everyone is told, those of the same roles together', async () => {
  const { code, stdout } = await explain();
  expect(code).toBe(0);
  expect(stdout).toMatch(/^The policy main at .{10} \(git\)\. Commits must be signed\.\n/);
  expect(stdout).toContain('\nbob and carol  developer\n');
  expect(stdout).toContain('\nalice  admin\n    dev, prod  change all files alone (rule 1, admin)\n');
  const json = JSON.parse((await explain('--format', 'json')).stdout);
  expect(json).toMatchObject({ kind: 'policy', policy: { exists: true }, signatures: 'required' });
  expect(json.people).toHaveLength(Object.keys(parse(team.policy()).people).length);
});

test.each([
  ['carl', '`carl` is no commit, and nobody in the access policy. Did you mean `carol`?'],
  ['mani', 'Did you mean `main`?'],
  ['--upload-pack=x', 'is no commit'],
])('%s is neither, and near names are told', async (asked, words) => {
  expect(await explain('--', asked)).toMatchObject({ code: 2, stderr: expect.stringContaining(words) });
});

test('without an access.yaml everyone may, which is said', async () => {
  await using bare = await GitRepository.create();
  await bare.commit('base', { 'flags/project.yaml': PROJECT_YAML });
  await team.commit(bare, 'mallory', 'more', { 'flags/checkout.yaml': flagYaml('checkout') });
  const run = (...args: string[]) => halyard(['access', 'explain', ...args], bare.folder, '', QUIET);
  const everyone = await run();
  expect(everyone.code).toBe(0);
  expect(everyone.stdout).toContain('everyone who can merge may change everything');
  const { code, stdout } = await run('HEAD');
  expect(code).toBe(0);
  expect(stdout).toContain('change it in dev and prod: anyone (checkout.yaml)');
  expect(stdout).toContain(`holds, of a key that no policy knows  ${team.keys.mallory.fingerprint}`);
  expect(await run('bob')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('there is no access policy'),
  });
});
