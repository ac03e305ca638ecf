// Access policies that contradict themselves, or say less than their authors think.
import type { Case } from './case.ts';

const KEYS = ['A', 'B', 'C', 'D'].map((letter) => `SHA256:${letter.repeat(43)}`);
const [ALICE, BOB, CAROL, TRUSTED] = KEYS as [string, string, string, string];
const PGP = '0'.repeat(40);

interface Parts {
  people?: readonly string[];
  rules?: readonly string[];
  more?: string;
}

const ADMIN = '{ role: admin, may: [change, change-access, override] }';

/** alice is an admin who may everything, unless `rules` say otherwise. */
export function policyText({ people = [], rules = [ADMIN], more = '' }: Parts = {}): string {
  const listed = [`alice: { keys: ["${ALICE}"], roles: [admin] }`, ...people];
  return [
    'access: 1',
    'people:',
    ...listed.map((person) => `  ${person}`),
    ...(more ? [more] : []),
    'rules:',
    ...rules.map((rule) => `  - ${rule}`),
    '',
  ].join('\n');
}

function row(title: string, parts: Parts, problems: readonly string[]): Case {
  return {
    title,
    files: { 'access.yaml': policyText(parts) },
    problems: problems.map((problem) => problem.replace(' ', ' access.yaml:')),
  };
}

const developer = (key: string) => `{ keys: ["${key}"], roles: [developer] }`;
const DEVELOPER = '{ role: developer, may: [change] }';
const onlyDev = (more: string) => `{ role: developer, may: [change], ${more} }`;

export const accessCases: Case[] = [
  row(
    'a policy that says everything',
    {
      people: [
        `bob: { name: Bob, keys: ["${BOB}"], roles: [developer], emails: [bob@example.com], github: bob, gitlab: bob }`,
        'vera: { roles: [viewer] }',
      ],
      rules: [
        ADMIN,
        onlyDev('environments: [dev], approvals: 0'),
        onlyDev('environments: [prod], paths: ["checkout/**", "*/b.yaml"], approvals: 1'),
      ],
      more: `signatures: recorded\ntrust: [{ key: "${TRUSTED}", vouches: author }]\ntrailers: trusted\nrevoked: ["${CAROL}"]`,
    },
    [],
  ),
  row('a key that two people have', { people: [`bob: { keys: ["${ALICE}"], roles: [admin] }`] }, [
    `shared-identity 4:17 "${ALICE.slice(0, 19)}`,
  ]),
  row(
    'a key that one person lists twice',
    { people: [`bob: { keys: ["${BOB}", "${BOB}"], roles: [admin] }`] },
    [],
  ),
  row(
    'a key that a person has, and that vouches for others',
    { more: `trust: [{ key: "${ALICE}", vouches: author }]` },
    [`shared-identity 4:16 "${ALICE.slice(0, 19)}`],
  ),
  row(
    'an address that two people have, in other cases',
    {
      people: [
        `bob: { keys: ["${BOB}"], roles: [admin], emails: [b@example.com] }`,
        `carol: { keys: ["${CAROL}"], roles: [admin], emails: [c@example.com, B@Example.com] }`,
      ],
    },
    ['shared-identity 5:114 B@Example.com'],
  ),
  row(
    'a login that two people have, in other cases',
    {
      people: [
        `bob: { keys: ["${BOB}"], roles: [admin], github: Bob, gitlab: carol }`,
        `carol: { keys: ["${CAROL}"], roles: [admin], github: bob }`,
      ],
    },
    ['shared-identity 5:98 bob'],
  ),
  row(
    'logins of two people at two forges',
    {
      people: [
        `bob: { keys: ["${BOB}"], roles: [admin], github: same }`,
        `carol: { keys: ["${CAROL}"], roles: [admin], gitlab: same }`,
      ],
    },
    [],
  ),
  ...[
    '/checkout/**',
    'checkout/',
    'a//b',
    './a',
    'a/../b',
    'check**',
    '**.yaml',
    'a?',
    '{a,b}/**',
    '[ab]/*',
    '!a',
    'a\\\\b',
  ].map((pattern) =>
    row(
      `the pattern ${pattern}`,
      { people: [`bob: ${developer(BOB)}`], rules: [ADMIN, onlyDev(`paths: ["${pattern}"]`)] },
      [`invalid-path-pattern 7:47 "${pattern.split(/[\],}]/)[0]}${/[\],}]/.test(pattern) ? '' : '"'}`],
    ),
  ),
  row(
    'an environment that there is not',
    { people: [`bob: ${developer(BOB)}`], rules: [ADMIN, onlyDev('environments: [dev, prd]')] },
    ['unknown-environment 7:59 prd'],
  ),
  row('a policy that nobody may change', { rules: ['{ role: admin, may: [change] }'] }, [
    'access-locked 4:1 rules:',
  ]),
  row(
    'a policy that nobody may change in prod',
    { rules: ['{ role: admin, may: [change, change-access], environments: [dev] }'] },
    ['access-locked 4:1 rules:'],
  ),
  row(
    'a policy that nobody may change where it is',
    { rules: ['{ role: admin, may: [change, change-access], paths: ["checkout/**"] }'] },
    ['access-locked 4:1 rules:'],
  ),
  row('a policy that only those could change whose keys are revoked', { more: `revoked: ["${ALICE}"]` }, [
    'access-locked 5:1 rules:',
  ]),
  row(
    'a policy that only one may change, with an approval of another',
    { rules: ['{ role: admin, may: [change-access], approvals: 1 }'] },
    ['access-locked 4:1 rules:', 'too-few-approvers 5:53 1'],
  ),
  row(
    'a policy that two may change, each with an approval of the other',
    {
      people: [`bob: { keys: ["${BOB}"], roles: [admin] }`],
      rules: ['{ role: admin, may: [change-access], approvals: 1 }'],
    },
    [],
  ),
  row('a role that nobody has', { rules: [ADMIN, '{ role: developper, may: [change] }'], people: [] }, [
    'role-of-nobody 6:13 developper',
  ]),
  row('a role that no rule is about', { people: [`bob: { keys: ["${BOB}"], roles: [admni, viewer] }`] }, [
    'role-without-rule 4:80 admni',
  ]),
  row('a person without a key', { people: ['bob: { roles: [admin] }', 'vera: { roles: [viewer] }'] }, [
    'person-without-key 4:8 {',
  ]),
  row(
    'a person known by an address that nobody vouches for',
    { people: ['bob: { roles: [admin], emails: [b@example.com] }'] },
    ['person-without-key 4:8 {'],
  ),
  row(
    'a person known by an address that a trusted key vouches for',
    {
      people: ['bob: { roles: [admin], emails: [b@example.com] }'],
      more: `trust: [{ key: "${TRUSTED}", vouches: author }]`,
    },
    [],
  ),
  row('an OpenPGP key that cannot be verified', { people: [`bob: { keys: ["${PGP}"], roles: [admin] }`] }, [
    'openpgp-key-missing 4:17 "0000000000000000000',
  ]),
  row(
    'a rule behind a wider one',
    { people: [`bob: ${developer(BOB)}`], rules: [ADMIN, DEVELOPER, onlyDev('environments: [prod]')] },
    ['access-rule-unreachable 8:5 {'],
  ),
  row(
    'a rule behind one of all paths',
    {
      people: [`bob: ${developer(BOB)}`],
      rules: [
        ADMIN,
        onlyDev('environments: [dev, prod], paths: ["a/*", "**"]'),
        onlyDev('environments: [dev], paths: ["b/*"]'),
      ],
    },
    ['access-rule-unreachable 8:5 {'],
  ),
  row(
    'rules of one role for other actions, environments and paths',
    {
      people: [`bob: ${developer(BOB)}`],
      rules: [
        ADMIN,
        '{ role: developer, may: [override] }',
        onlyDev('environments: [dev], paths: ["a/*"]'),
        onlyDev('environments: [prod], paths: ["a/*"]'),
        onlyDev('environments: [dev], paths: ["b/*"]'),
        onlyDev('environments: [dev]'),
        DEVELOPER,
      ],
    },
    [],
  ),
  row(
    'more approvals than there are people to give',
    { people: [`bob: ${developer(BOB)}`], rules: [ADMIN, onlyDev('environments: [prod], approvals: 2')] },
    ['too-few-approvers 7:72 2'],
  ),
  row(
    'as many approvals as there are people to give',
    {
      people: [`bob: ${developer(BOB)}`, `carol: ${developer(CAROL)}`],
      rules: [ADMIN, onlyDev('approvals: 2')],
    },
    [],
  ),
  row(
    'a policy that is changed more easily than a flag',
    {
      people: [`bob: ${developer(BOB)}`, `carol: ${developer(CAROL)}`],
      rules: [ADMIN, onlyDev('approvals: 1'), '{ role: developer, may: [change-access] }'],
    },
    ['weak-access-rule 9:5 {'],
  ),
  row(
    'an address that is none',
    { people: [`bob: { keys: ["${BOB}"], roles: [admin], emails: [Bob <bob@example.com>] }`] },
    ['wrong-value 4:97 Bob'],
  ),
  row(
    'a public key instead of its fingerprint',
    { people: ['bob: { keys: [ssh-ed25519 AAAA], roles: [admin] }'] },
    ['wrong-value 4:17 ssh-ed25519'],
  ),
];
