// Refusals as they are given: who answers, which rule, what is missing, and who could approve.
import { describe, expect, test } from 'vitest';
import { type Approval, authorize, type Refusal } from '../../src/access/authorize.ts';
import { Policy } from '../../src/access/policy.ts';
import type { Touch } from '../../src/access/touch.ts';
import type { AccessDefinition } from '../../src/model/definitions.gen.ts';
import type { Signature } from '../../src/model/evidence.ts';

const body: AccessDefinition = {
  access: 1,
  people: {
    alice: { roles: ['admin'] },
    bob: { roles: ['developer'] },
    carol: { roles: ['developer'] },
    dave: { roles: ['developer'] },
    vic: { roles: ['viewer'] },
  },
  rules: [
    { role: 'admin', may: ['change'] },
    { role: 'developer', may: ['change'], environments: ['dev'] },
    { role: 'developer', may: ['change'], environments: ['prod'], approvals: 2 },
  ],
};
const policy = new Policy(body);
const bob: Signature = { status: 'valid', fingerprint: 'SHA256:b', person: 'bob' };

function touch(environment: string, path = 'a.yaml', action: Touch['action'] = 'change'): Touch {
  return { action, kind: 'flag', key: 'a', path, environment };
}

function refusals(
  signature: Signature,
  touches: Touch[],
  approvals: Approval[] = [],
  author?: string,
): Refusal[] {
  return authorize({ policy, touches, signature, approvals, ...(author !== undefined && { author }) });
}

test('without touches there is only the signature to refuse', () => {
  expect(refusals(bob, [])).toEqual([]);
  expect(refusals({ status: 'unsigned' }, [])).toEqual([{ type: 'signature', status: 'unsigned' }]);
});

test.each(['unsigned', 'unverified', 'unknown-key', 'revoked', 'expired', 'invalid'] as const)(
  'a signature that is %s is refused before anything else is looked at, whoever approves',
  (status) => {
    const approvals = [{ person: 'alice' }, { person: 'carol' }];
    const signature = { status, fingerprint: 'SHA256:x', person: 'alice' };
    const expected = [{ type: 'signature', status, fingerprint: 'SHA256:x' }];
    expect(refusals(signature, [touch('dev'), touch('prod')], approvals)).toEqual(expected);
  },
);

describe('a change that no rule lets its signer make', () => {
  test('is denied, and told who could approve it', () => {
    const signature: Signature = { status: 'valid', fingerprint: 'SHA256:v', person: 'vic' };
    expect(refusals(signature, [touch('dev')])).toEqual([
      { type: 'denied', touch: touch('dev'), person: 'vic', couldApprove: ['alice', 'bob', 'carol', 'dave'] },
    ]);
  });

  test('is denied without a name where nobody is known to have signed it', () => {
    const signature: Signature = { status: 'valid', fingerprint: 'SHA256:m', vouched: true };
    expect(refusals(signature, [touch('dev')])).toEqual([
      { type: 'denied', touch: touch('dev'), couldApprove: ['alice', 'bob', 'carol', 'dave'] },
    ]);
  });

  test('names neither author nor signer among those who could approve it', () => {
    const signature: Signature = { status: 'valid', fingerprint: 'SHA256:v', person: 'vic' };
    expect(refusals(signature, [touch('dev')], [], 'carol')).toMatchObject([
      { couldApprove: ['alice', 'bob', 'dave'] },
    ]);
  });

  test('of the policy itself is nobody’s here, whoever approves', () => {
    const approvals = ['alice', 'carol', 'dave'].map((person) => ({ person }));
    expect(refusals(bob, [touch('prod', 'access.yaml', 'change-access')], approvals)).toMatchObject([
      { type: 'denied', person: 'bob', couldApprove: [] },
    ]);
  });
});

describe('a change that needs approvals', () => {
  test.each<[string, Approval[], string | undefined, object | undefined]>([
    ['has none', [], undefined, { given: [], couldApprove: ['alice', 'carol', 'dave'] }],
    [
      'has one of two',
      [{ person: 'carol' }],
      undefined,
      { given: ['carol'], couldApprove: ['alice', 'dave'] },
    ],
    ['has both', [{ person: 'carol' }, { person: 'dave' }], undefined, undefined],
    [
      'has one twice',
      [{ person: 'carol' }, { person: 'carol', environments: ['prod'] }],
      undefined,
      { given: ['carol'] },
    ],
    ['has the signer’s', [{ person: 'bob' }, { person: 'carol' }], undefined, { given: ['carol'] }],
    [
      'has the author’s',
      [{ person: 'dave' }, { person: 'carol' }],
      'dave',
      { given: ['carol'], couldApprove: ['alice'] },
    ],
    [
      'has one for another environment',
      [{ person: 'carol' }, { person: 'dave', environments: ['dev'] }],
      undefined,
      { given: ['carol'] },
    ],
    [
      'has one by two statements for two environments',
      [
        { person: 'carol', environments: ['dev'] },
        { person: 'carol', environments: ['prod'] },
      ],
      undefined,
      { given: ['carol'] },
    ],
    [
      'has one of a person who may not make it',
      [{ person: 'carol' }, { person: 'vic' }],
      undefined,
      { given: ['carol'] },
    ],
    [
      'has one of somebody who is nobody',
      [{ person: 'carol' }, { person: 'mallory' }],
      undefined,
      { given: ['carol'] },
    ],
    ['has that of one who may make it alone', [{ person: 'alice' }], undefined, undefined],
  ])('and %s', (_, approvals, author, expected) => {
    const found = refusals(bob, [touch('prod')], approvals, author);
    if (expected === undefined) expect(found).toEqual([]);
    else expect(found).toMatchObject([{ type: 'approvals', person: 'bob', rule: 3, needed: 2, ...expected }]);
  });

  test('names the one who is nearest to having enough, the signer before others', () => {
    const vic: Signature = { status: 'valid', fingerprint: 'SHA256:v', person: 'vic' };
    const approvals = [{ person: 'carol' }];
    expect(refusals(vic, [touch('prod')], approvals)).toMatchObject([
      { person: 'carol', needed: 2, given: [] },
    ]);
    expect(refusals(bob, [touch('prod')], approvals)).toMatchObject([
      { person: 'bob', needed: 2, given: ['carol'] },
    ]);
  });
});

test('the signer’s own approval helps nobody else who answers for the change', () => {
  const people = { ...body.people, lea: { roles: ['lead'] } };
  const rules = [{ role: 'lead', may: ['change' as const], approvals: 1 }, ...body.rules];
  const withLead = {
    policy: new Policy({ ...body, people, rules }),
    touches: [touch('prod')],
    signature: bob,
  };
  const given = (...people: string[]) => people.map((person) => ({ person }));
  expect(authorize({ ...withLead, approvals: given('lea', 'carol') })).toEqual([]);
  expect(authorize({ ...withLead, approvals: given('lea', 'bob') })).toMatchObject([{ type: 'approvals' }]);
});

test('each touch is judged by itself, in its order', () => {
  const touches = [touch('prod'), touch('dev'), touch('prod', 'b.yaml'), touch('qa', 'b.yaml')];
  const found = refusals(bob, touches, [{ person: 'carol', environments: ['dev'] }]);
  expect(found.map((refusal) => (refusal.type === 'signature' ? '' : refusal.touch))).toEqual([
    touch('prod'),
    touch('prod', 'b.yaml'),
    touch('qa', 'b.yaml'),
  ]);
  expect(found.map(({ type }) => type)).toEqual(['approvals', 'approvals', 'denied']);
});

test('where signatures are recorded, one that is not valid is nobody’s, and approvals carry the change', () => {
  const recorded = new Policy({ ...body, signatures: 'recorded' });
  const question = { policy: recorded, touches: [touch('dev')], approvals: [{ person: 'carol' }] };
  for (const status of ['unsigned', 'invalid', 'revoked', 'unknown-key', 'expired', 'unverified'] as const) {
    const signature = { status, person: 'bob' };
    expect(authorize({ ...question, signature })).toEqual([]);
    expect(authorize({ ...question, signature, approvals: [] })).toMatchObject([{ type: 'denied' }]);
    expect(authorize({ ...question, signature, author: 'carol' })).toMatchObject([{ type: 'denied' }]);
  }
});

test('10,000 changed definitions in three environments are judged by 50 people and 50 rules', () => {
  const large = new Policy({
    access: 1,
    people: Object.fromEntries(
      Array.from({ length: 50 }, (_, i) => [`p${i}`, { roles: [`r${i % 10}`, `r${i % 7}`] }]),
    ),
    rules: Array.from({ length: 50 }, (_, i) => ({
      role: `r${i % 10}`,
      may: ['change'],
      ...(i % 3 > 0 && { environments: ['dev', 'prod'] }),
      paths: [`**/team${i}/**`, `*/x${i}*y*.yaml`],
      approvals: i % 4,
    })),
  });
  const touches = Array.from({ length: 10_000 }, (_, i) =>
    ['dev', 'prod', 'staging'].map((environment) =>
      touch(environment, `flags/team${i % 60}/deep/flag-${i}.yaml`),
    ),
  ).flat();
  const signature: Signature = { status: 'valid', fingerprint: 'SHA256:p', person: 'p1' };
  const approvals = [{ person: 'p2' }, { person: 'p3' }];
  const found = authorize({ policy: large, touches, signature, approvals });
  const refused = new Set(found.map((refusal) => (refusal.type === 'signature' ? undefined : refusal.touch)));
  const everySoMany = touches.filter((_, i) => i % 41 === 0);
  for (const each of everySoMany) {
    const alone = authorize({ policy: large, touches: [each], signature, approvals });
    expect(alone.length > 0).toBe(refused.has(each));
  }
  expect(found.length).toBeGreaterThan(1_000);
  expect(found.length).toBeLessThan(30_000);
});
