// Refusals as problems: their words, their order, and how many there are of them.
import { describe, expect, test } from 'vitest';
import { type Approval, authorize, type Refusal } from '../../src/access/authorize.ts';
import { Policy } from '../../src/access/policy.ts';
import { MOST_REFUSALS, refusalProblems } from '../../src/access/refusals.ts';
import type { Touch } from '../../src/access/touch.ts';
import type { AccessRule } from '../../src/model/definitions.gen.ts';
import type { Signature } from '../../src/model/evidence.ts';
import { problemCodes } from '../../src/model/problem.ts';

const rules: AccessRule[] = [
  { role: 'admin', may: ['change', 'change-access', 'override'] },
  { role: 'developer', may: ['change'], environments: ['dev', 'staging'] },
  { role: 'developer', may: ['change'], environments: ['prod'], paths: ['checkout/**'], approvals: 2 },
];
const people = {
  alice: { roles: ['admin'] },
  bob: { roles: ['developer'], emails: ['bob@example.com'] },
  carol: { roles: ['developer'] },
};
const policy = new Policy({ access: 1, people, rules });
const bob: Signature = { status: 'valid', fingerprint: 'SHA256:b', person: 'bob' };

function touch(path: string, environment: string, action: Touch['action'] = 'change'): Touch {
  return { action, kind: 'flag', key: 'a', path, environment };
}

function problems(
  signature: Signature,
  touches: Touch[],
  approvals: Approval[] = [],
  judged = policy,
): string[] {
  const refusals = authorize({ policy: judged, touches, signature, approvals });
  return refusalProblems(refusals, judged).map(
    ({ file, code, message, hint }) => `${file} ${code}: ${message} ${hint}`,
  );
}

describe('a change that is refused', () => {
  test('for want of a rule names who signed it, the environments, and who could approve it', () => {
    expect(problems(bob, [touch('search/a.yaml', 'prod'), touch('search/a.yaml', 'qa')])).toEqual([
      'search/a.yaml access-denied: No rule lets bob, who signed the commit, change it in prod and qa. Ask alice to approve: `halyard approve <commit> --environment prod --environment qa`.',
    ]);
  });

  test('for want of approvals names the rule, what it asks for, what there is, and who else could approve it', () => {
    expect(problems(bob, [touch('checkout/a.yaml', 'prod')])).toEqual([
      'checkout/a.yaml approval-missing: Rule 3 (developer) lets bob change it in prod with 2 approvals: there is none. Ask alice or carol to approve: `halyard approve <commit> --environment prod`.',
    ]);
    expect(problems(bob, [touch('checkout/a.yaml', 'prod')], [{ person: 'carol' }])).toEqual([
      'checkout/a.yaml approval-missing: Rule 3 (developer) lets bob change it in prod with 2 approvals: only carol approved. Ask alice to approve: `halyard approve <commit> --environment prod`.',
    ]);
  });

  test('and signed by nobody who is known, says so', () => {
    expect(
      problems({ status: 'valid', fingerprint: 'SHA256:m', vouched: true }, [touch('a.yaml', 'prod')]),
    ).toEqual([
      'a.yaml access-denied: Nobody known signed the commit, and nobody approved it who may change it in prod. Ask alice to approve: `halyard approve <commit> --environment prod`.',
    ]);
  });

  test('of the policy, and an override, are called what they are', () => {
    expect(problems(bob, [touch('access.yaml', 'dev', 'change-access')])[0]).toContain(
      'No rule lets bob, who signed the commit, change the access policy in dev.',
    );
    expect(problems(bob, [touch('a.yaml', 'dev', 'override')])[0]).toContain('override it in dev.');
  });

  test('that nobody could approve says what would have to change', () => {
    const lonely = new Policy({ access: 1, people: { bob: { roles: [] } }, rules });
    expect(problems(bob, [touch('a.yaml', 'dev')], [], lonely)[0]).toContain(
      'Nobody else may approve it: people or rules of access.yaml would have to change first.',
    );
  });

  test('in different ways in different environments says each, up to three', () => {
    const many = Array.from({ length: 5 }, (_, i): AccessRule => {
      return { role: 'developer', may: ['change'], environments: [`e${i}`], approvals: 3 + i };
    });
    const judged = new Policy({ access: 1, people, rules: many });
    const [said = '', ...others] = problems(
      bob,
      ['e0', 'e1', 'e2', 'e3', 'e4'].map((name) => touch('a.yaml', name)),
      [],
      judged,
    );
    expect(others).toEqual([]);
    expect(said).toContain(
      'Rule 3 (developer) lets bob change it in e2 with 5 approvals: there is none. There are 2 more reasons like these.',
    );
    expect(said).not.toContain('Rule 4');
  });
});

test.each<[Exclude<Signature['status'], 'valid'>, string]>([
  ['unsigned', 'signature-missing'],
  ['unverified', 'signature-missing'],
  ['unknown-key', 'signature-unknown-key'],
  ['revoked', 'signature-revoked'],
  ['expired', 'signature-expired'],
  ['invalid', 'signature-invalid'],
])('a signature that is %s is told once, in access.yaml, as %s', (status, code) => {
  const signature = { status, ...(status !== 'unsigned' && { fingerprint: 'SHA256:x' }) };
  const refusals = authorize({
    policy,
    touches: [touch('a.yaml', 'dev'), touch('b.yaml', 'dev')],
    signature,
    approvals: [],
  });
  const [problem, ...others] = refusalProblems(refusals, policy);
  expect(others).toEqual([]);
  expect(problem).toMatchObject({ file: 'access.yaml', line: 1, column: 1, code, severity: 'error' });
  expect(problem?.message.includes('SHA256:x')).toBe(status !== 'unsigned');
});

test('one who did not sign is told how to', () => {
  const [said = ''] = problems({ status: 'unsigned' }, []);
  expect(said).toContain('git config gpg.format ssh');
  expect(said).toContain('git commit --amend');
  expect(said).toContain('git commit --allow-empty');
});

test('every code of the access policy is provoked here', () => {
  const codes = Object.entries(problemCodes).flatMap(([code, { group }]) =>
    group === 'access' ? [code] : [],
  );
  expect(codes.sort()).toEqual([
    'access-denied',
    'approval-missing',
    'signature-expired',
    'signature-invalid',
    'signature-missing',
    'signature-revoked',
    'signature-unknown-key',
  ]);
});

test('problems are whole sentences, one for each file and code, sorted by both, at most 100', () => {
  const touches = Array.from({ length: 80 }, (_, i) => {
    const path = `checkout/f${String(79 - i).padStart(3, '0')}.yaml`;
    return [touch(path, 'prod'), touch(path, 'qa'), touch(path, 'qb')];
  }).flat();
  const found = refusalProblems(authorize({ policy, touches, signature: bob, approvals: [] }), policy);
  expect(found).toHaveLength(MOST_REFUSALS);
  const ids = found.map(({ file, code }) => `${file} ${code}`);
  expect(ids).toEqual([...new Set(ids)].sort());
  expect(ids[0]).toBe('checkout/f000.yaml access-denied');
  for (const { message, hint } of found) {
    expect(message).toMatch(/^[A-Z].*\.$/);
    expect(hint).toMatch(/^[A-Z].*\.$/);
  }
});

test('lists stay short, whatever there is to list, and hold no address', () => {
  const names = Array.from({ length: 100 }, (_, i) => `person${i}`);
  const large = new Policy({
    access: 1,
    people: Object.fromEntries(
      names.map((name) => [name, { roles: ['admin'], emails: [`${name}@example.com`] }]),
    ),
    rules: [{ role: 'admin', may: ['change'], approvals: 10 }],
  });
  const touches = names.map((name) => touch('a.yaml', `environment-${name}`));
  const signature: Signature = { status: 'valid', person: 'person0' };
  const refusals: Refusal[] = authorize({ policy: large, touches, signature, approvals: [] });
  const [problem] = refusalProblems(refusals, large);
  expect(problem?.message).toContain('environment-person7 and 92 more');
  expect(problem?.hint).toContain('person8 or 91 more to approve');
  expect((problem?.message.length ?? 0) + (problem?.hint.length ?? 0)).toBeLessThan(1_000);
  expect(JSON.stringify(problem)).not.toContain('@');
});
