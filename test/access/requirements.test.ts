// Who may make a change and who must approve it, before anyone has: in data and in words.
import { describe, expect, test } from 'vitest';
import { authorize } from '../../src/access/authorize.ts';
import { Policy } from '../../src/access/policy.ts';
import { requirementInWords, requirementsOf } from '../../src/access/requirements.ts';
import type { Touch } from '../../src/access/touch.ts';

const policy = new Policy({
  access: 1,
  people: {
    alice: { roles: ['admin'] },
    bob: { roles: ['developer'] },
    carol: { roles: ['developer', 'admin'] },
    dora: { roles: ['developer'] },
    vic: { roles: ['viewer'] },
  },
  rules: [
    { role: 'developer', may: ['change'], environments: ['prod'], paths: ['checkout/**'], approvals: 1 },
    { role: 'admin', may: ['change', 'change-access'] },
    { role: 'developer', may: ['change'], environments: ['dev', 'staging'] },
  ],
});

function touch(path: string, environment: string, action: Touch['action'] = 'change'): Touch {
  return { action, kind: 'flag', key: path, path, environment };
}

test('what the same rules decide about stands together, each touch once', () => {
  const touches = ['checkout/a.yaml', 'checkout/b.yaml', 'search/c.yaml'].flatMap((path) =>
    ['dev', 'prod', 'staging'].map((environment) => touch(path, environment)),
  );
  expect(requirementsOf(policy, touches)).toEqual([
    {
      action: 'change',
      environments: ['dev', 'staging'],
      paths: ['checkout/a.yaml', 'checkout/b.yaml', 'search/c.yaml'],
      ways: [
        { rule: 2, role: 'admin', approvals: 0, people: ['alice', 'carol'] },
        { rule: 3, role: 'developer', approvals: 0, people: ['bob', 'dora'] },
      ],
      approvers: ['alice', 'bob', 'carol', 'dora'],
    },
    {
      action: 'change',
      environments: ['prod'],
      paths: ['checkout/a.yaml', 'checkout/b.yaml'],
      ways: [
        { rule: 1, role: 'developer', approvals: 1, people: ['bob', 'carol', 'dora'] },
        { rule: 2, role: 'admin', approvals: 0, people: ['alice'] },
      ],
      approvers: ['alice', 'bob', 'carol', 'dora'],
    },
    {
      action: 'change',
      environments: ['prod'],
      paths: ['search/c.yaml'],
      ways: [{ rule: 2, role: 'admin', approvals: 0, people: ['alice', 'carol'] }],
      approvers: ['alice', 'carol'],
    },
  ]);
});

test('files that are touched in other environments stand apart', () => {
  const touches = [touch('a.yaml', 'dev'), touch('b.yaml', 'staging'), touch('c.yaml', 'dev')];
  const places = requirementsOf(policy, touches).map(({ environments, paths }) => [environments, paths]);
  expect(places).toEqual([
    [['dev'], ['a.yaml', 'c.yaml']],
    [['staging'], ['b.yaml']],
  ]);
});

describe('in words', () => {
  test.each<[string, Touch[], string[]]>([
    [
      'where some need approvals',
      [touch('checkout/a.yaml', 'prod')],
      [
        'change it in prod: bob, carol or dora with 1 approval (rule 1, developer); alice alone (rule 2, admin); approvals may come from alice, bob, carol or dora',
      ],
    ],
    [
      'where nobody needs any',
      [touch('a.yaml', 'prod')],
      ['change it in prod: alice or carol alone (rule 2, admin)'],
    ],
    [
      'of the policy',
      [touch('access.yaml', 'prod', 'change-access')],
      ['change the access policy in prod: alice or carol alone (rule 2, admin)'],
    ],
    ['where nobody may', [touch('a.yaml', 'prod', 'override')], ['override it in prod: nobody may']],
    ['of nothing', [], []],
  ])('%s', (_, touches, expected) => {
    expect(requirementsOf(policy, touches).map(requirementInWords)).toEqual(expected);
  });
});

test('who is said to be able to make a change alone is let, and who is not is refused', () => {
  const touches = ['checkout/a.yaml', 'b.yaml'].flatMap((path) =>
    ['dev', 'prod', 'qa'].map((name) => touch(path, name)),
  );
  for (const each of touches) {
    const [requirement] = requirementsOf(policy, [each]);
    const alone = requirement?.ways.flatMap(({ approvals, people }) => (approvals === 0 ? people : []));
    for (const person of ['alice', 'bob', 'carol', 'dora', 'vic']) {
      const refusals = authorize({
        policy,
        touches: [each],
        signature: { status: 'valid', person },
        approvals: [],
      });
      expect(refusals.length === 0, `${person} ${each.path} ${each.environment}`).toBe(
        alone?.includes(person),
      );
    }
  }
});
