// The policy's answers: whose a key, an address or a login is, which rule decides, and who may.
import { describe, expect, test } from 'vitest';
import { Policy } from '../../src/access/policy.ts';
import type { Touch } from '../../src/access/touch.ts';
import type { AccessDefinition, AccessRule } from '../../src/model/definitions.gen.ts';

function touch(more: Partial<Touch> = {}): Touch {
  return { action: 'change', kind: 'flag', key: 'a', path: 'checkout/a.yaml', environment: 'prod', ...more };
}

function policyOf(rules: AccessRule[], more: Partial<AccessDefinition> = {}): Policy {
  const people = {
    alice: { roles: ['admin'] },
    bob: { roles: ['developer'] },
    both: { roles: ['developer', 'admin'] },
  };
  return new Policy({ access: 1, people, rules, ...more });
}

const may = ['change' as const];

describe('the first rule that fits decides', () => {
  test.each<[string, AccessRule[], Partial<Touch>, Record<string, number | undefined>]>([
    [
      'where a later one is laxer',
      [
        { role: 'developer', may, paths: ['checkout/**'], approvals: 2 },
        { role: 'developer', may },
      ],
      {},
      { alice: undefined, bob: 1, both: 1 },
    ],
    [
      'where a later one is stricter',
      [
        { role: 'developer', may },
        { role: 'developer', may, approvals: 2 },
      ],
      {},
      { bob: 1 },
    ],
    [
      'of all roles that a person has, in the order of the file',
      [
        { role: 'admin', may, approvals: 1 },
        { role: 'developer', may },
      ],
      {},
      { alice: 1, bob: 2, both: 1 },
    ],
    [
      'by action',
      [
        { role: 'developer', may: ['change-access'] },
        { role: 'developer', may: ['override', 'change'] },
      ],
      {},
      { bob: 2 },
    ],
    [
      'by environment',
      [
        { role: 'developer', may, environments: ['dev', 'staging'] },
        { role: 'developer', may, environments: ['prod'] },
      ],
      {},
      { bob: 2 },
    ],
    [
      'by path',
      [
        { role: 'developer', may, paths: ['search/**', '*.yaml'] },
        { role: 'developer', may, paths: ['search/**', 'checkout/*'] },
      ],
      {},
      { bob: 2 },
    ],
    [
      'and where none does, nobody may',
      [
        { role: 'developer', may, environments: ['dev'] },
        { role: 'admin', may: ['override'] },
      ],
      {},
      { alice: undefined, bob: undefined, both: undefined, mallory: undefined },
    ],
    [
      'of an action, and no other stands for it',
      [{ role: 'admin', may: ['change', 'override'] }],
      { action: 'change-access' },
      { alice: undefined, both: undefined },
    ],
  ])('%s', (_, rules, more, expected) => {
    const policy = policyOf(rules);
    for (const [person, number] of Object.entries(expected))
      expect(policy.ruleFor(person, touch(more))?.number, person).toBe(number);
  });
});

test('people who may are told in the order of the file', () => {
  expect(policyOf([{ role: 'developer', may }]).peopleFor(touch())).toEqual(['bob', 'both']);
  expect(
    policyOf([
      { role: 'admin', may },
      { role: 'developer', may },
    ]).peopleFor(touch()),
  ).toEqual(['alice', 'bob', 'both']);
});

test('what was asked before about another path changes no answer', () => {
  const policy = policyOf([{ role: 'developer', may, paths: ['checkout/*'] }]);
  const paths = [
    'checkout/a.yaml',
    'search/a.yaml',
    'checkout/a.yaml',
    'checkout/b/c.yaml',
    'checkout/b.yaml',
  ];
  const answers = paths.map((path) => policy.ruleFor('bob', touch({ path }))?.number);
  expect(answers).toEqual([1, undefined, 1, undefined, 1]);
});

test('touches that no rule tells apart are told with one and the same rules', () => {
  const policy = policyOf([{ role: 'developer', may, environments: ['prod'], paths: ['checkout/*'] }]);
  const first = policy.firstRules(touch());
  expect(policy.firstRules(touch({ path: 'checkout/b.yaml', key: 'b' }))).toBe(first);
  expect(policy.firstRules(touch({ environment: 'dev' }))).not.toBe(first);
});

describe('identities', () => {
  const people = {
    alice: {
      roles: ['admin'],
      keys: ['SHA256:a', 'SHA256:old', 'SHA256:two'],
      emails: ['Alice@Example.com'],
      github: 'Alice',
    },
    bob: {
      roles: ['developer'],
      keys: ['SHA256:b', 'SHA256:two'],
      emails: ['k@example.com'],
      gitlab: 'alice',
    },
    carol: { roles: [], keys: ['SHA256:both'], emails: ['shared@example.com'] },
    dave: { roles: [], keys: ['SHA256:three'], emails: ['SHARED@example.com'] },
    constructor: { roles: ['admin'], keys: ['SHA256:c'] },
    ['__proto__']: { roles: ['admin'], keys: ['SHA256:p'] },
  };
  const policy = new Policy({
    access: 1,
    people,
    trust: [
      { key: 'SHA256:m', vouches: 'author' },
      { key: 'SHA256:both', vouches: 'author' },
      { key: 'SHA256:gone', vouches: 'author' },
    ],
    revoked: ['SHA256:old', 'SHA256:gone'],
    rules: [{ role: 'admin', may }],
  });

  test.each([
    ['a person’s', 'SHA256:a', 'alice', false],
    ['a revoked one', 'SHA256:old', undefined, false],
    ['one of two people', 'SHA256:two', undefined, false],
    ['a trusted one', 'SHA256:m', undefined, true],
    ['a trusted one that is revoked', 'SHA256:gone', undefined, false],
    ['a person’s and a trusted one', 'SHA256:both', undefined, false],
    ['nobody’s', 'SHA256:x', undefined, false],
    ['a name of JavaScript', 'constructor', undefined, false],
    ['of a person with a name of JavaScript', 'SHA256:c', 'constructor', false],
  ])('a key, %s', (_, key, person, isTrusted) => {
    expect(policy.personOfKey(key)).toBe(person);
    expect(policy.isTrusted(key)).toBe(isTrusted);
  });

  test.each([
    ['in any case', 'A <ALICE@example.COM>', 'alice'],
    ['without a name', '<alice@example.com>', 'alice'],
    ['of nobody', 'A <x@example.com>', undefined],
    ['of two people', 'A <shared@example.com>', undefined],
    ['without brackets', 'alice@example.com', undefined],
    ['with two addresses', 'A <x@example.com> <alice@example.com>', undefined],
    ['with an address in its name', 'alice@example.com <x@example.com>', undefined],
    ['with something after it', 'A <alice@example.com> x', undefined],
    ['with a line break', 'A\n<alice@example.com>', 'alice'],
    ['with a blank in it', 'A < alice@example.com>', undefined],
    ['with a letter that folds to another (the Kelvin sign)', 'A <\u212a@example.com>', undefined],
    ['with the letter itself', 'A <K@example.com>', 'bob'],
    ['that is empty', 'A <>', undefined],
  ])('an author %s', (_, author, person) => {
    expect(policy.personOfIdentity(author)).toBe(person);
  });

  test('a login is one of its own forge', () => {
    expect(policy.personOfLogin('github', 'aLICE')).toBe('alice');
    expect(policy.personOfLogin('gitlab', 'alice')).toBe('bob');
    expect(policy.personOfLogin('gitlab', 'bob')).toBeUndefined();
  });

  test('names that objects have anyway are nobody', () => {
    for (const name of ['toString', 'hasOwnProperty', 'valueOf'])
      expect(policy.ruleFor(name, touch())).toBeUndefined();
    expect(policy.ruleFor('constructor', touch())?.number).toBe(1);
    expect(policy.personOfKey('SHA256:p')).toBe('__proto__');
  });
});

test.each([
  [undefined, true],
  ['required' as const, true],
  ['recorded' as const, false],
])('signatures: %s', (signatures, expected) => {
  expect(policyOf([{ role: 'admin', may }], { ...(signatures && { signatures }) }).requiresSignatures).toBe(
    expected,
  );
});
