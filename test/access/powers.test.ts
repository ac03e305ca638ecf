// What a person may do, rule by rule: the same as the policy decides, file by file.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pathPattern } from '../../src/access/path-pattern.ts';
import { Policy } from '../../src/access/policy.ts';
import { type Power, powersOf } from '../../src/access/powers.ts';
import type { AccessAction, AccessRule } from '../../src/model/definitions.gen.ts';

const ENVIRONMENTS = ['dev', 'prod'];
const ROLES = ['admin', 'developer', 'viewer'] as const;
const PATTERNS = ['payments/**', '**/pay.yaml', 'payments/*', 'access.yaml', '**', 'vault/**'];
const FILES = [
  'payments/pay.yaml',
  'payments/deep/pay.yaml',
  'pay.yaml',
  'vault/open.yaml',
  'access.yaml',
  'x.yaml',
];
const ACTIONS: AccessAction[] = ['change', 'change-access', 'override'];

function policyOf(rules: AccessRule[], people: Record<string, string[]>): Policy {
  const named = Object.entries(people).map(([person, roles]) => [person, { roles }]);
  return new Policy({ access: 1, people: Object.fromEntries(named), rules });
}

function powers(policy: Policy, person: string, environment: string): Power[] {
  return (
    powersOf(policy, person, ENVIRONMENTS).find((each) => each.environment === environment)?.powers ?? []
  );
}

const anyRule: fc.Arbitrary<AccessRule> = fc.record(
  {
    role: fc.constantFrom(...ROLES),
    may: fc.uniqueArray(fc.constantFrom(...ACTIONS), { minLength: 1 }) as fc.Arbitrary<AccessRule['may']>,
    environments: fc.constantFrom(['dev'], ['prod']) as fc.Arbitrary<NonNullable<AccessRule['environments']>>,
    paths: fc.uniqueArray(fc.constantFrom(...PATTERNS), { minLength: 1, maxLength: 3 }) as fc.Arbitrary<
      NonNullable<AccessRule['paths']>
    >,
    approvals: fc.integer({ min: 0, max: 2 }),
  },
  { requiredKeys: ['role', 'may'] },
);

const someRoles = fc.uniqueArray(fc.constantFrom(...ROLES), { maxLength: 3 });

test('the first power that fits a file is the rule that decides about it, and its approvers are those who may', () => {
  fc.assert(
    fc.property(
      fc.array(anyRule, { minLength: 1, maxLength: 6 }),
      fc.record({ alice: someRoles, bob: someRoles, carol: someRoles }),
      (rules, people) => {
        const policy = policyOf(rules, people);
        for (const person of Object.keys(people)) {
          for (const environment of ENVIRONMENTS) {
            const told = powers(policy, person, environment);
            for (const action of ACTIONS) {
              // The access policy is one file, and nothing else is changed by `change-access`.
              for (const path of action === 'change-access' ? ['access.yaml'] : FILES) {
                const touch = { action, kind: 'flag', key: 'x', path, environment };
                const power = told.find(
                  (each) =>
                    each.action === action &&
                    (each.paths?.some((pattern) => pathPattern(pattern)(path)) ?? true),
                );
                const decides = policy.ruleFor(person, touch);
                expect(power?.rule).toBe(decides?.number);
                if (!power || power.approvals === 0) continue;
                const others = policy.peopleFor(touch).filter((other) => other !== person);
                // Whoever may approve all of the files may approve this one; nobody else than those who are named may.
                expect(others).toEqual(expect.arrayContaining(power.approvers));
                expect([...power.approvers, ...power.someApprovers]).toEqual(expect.arrayContaining(others));
              }
            }
          }
        }
      },
    ),
    { seed: 4, numRuns: 300 },
  );
});

describe('a rule', () => {
  const may: AccessRule['may'] = ['change'];

  test('after one that is about all files is not told, nor one whose paths all stand before', () => {
    const policy = policyOf(
      [
        { role: 'developer', may, paths: ['payments/**'], approvals: 1 },
        { role: 'developer', may, paths: ['payments/**'] },
        { role: 'developer', may, environments: ['dev'] },
        { role: 'developer', may },
      ],
      { bob: ['developer'] },
    );
    expect(powers(policy, 'bob', 'dev').map(({ rule }) => rule)).toEqual([1, 3]);
    expect(powers(policy, 'bob', 'prod').map(({ rule }) => rule)).toEqual([1, 4]);
  });

  test('says whose approvals count: not one’s own, and of other paths only where they fit', () => {
    const policy = policyOf(
      [
        { role: 'developer', may, paths: ['payments/**'], approvals: 1 },
        { role: 'viewer', may, paths: ['payments/pay.yaml'] },
        { role: 'admin', may },
      ],
      { alice: ['admin'], bob: ['developer'], carol: ['developer'], vera: ['viewer'], eve: [] },
    );
    expect(powers(policy, 'bob', 'prod')).toEqual([
      {
        action: 'change',
        rule: 1,
        role: 'developer',
        paths: ['payments/**'],
        approvals: 1,
        approvers: ['alice', 'carol'],
        someApprovers: ['vera'],
      },
    ]);
    expect(powers(policy, 'eve', 'prod')).toEqual([]);
  });
});
