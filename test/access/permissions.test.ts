// THE PERMISSION SUITE: role × environment × path × action × signature × approvals, against tables that were written by hand.
import { describe, expect, test } from 'vitest';
import { approvalsOf } from '../../src/access/approvals.ts';
import { authorize } from '../../src/access/authorize.ts';
import { judgeSignature } from '../../src/access/identity.ts';
import type { Policy } from '../../src/access/policy.ts';
import { refusalProblems } from '../../src/access/refusals.ts';
import { APPROVALS, PROJECT, TREE } from './permission-approvals.ts';
import { CHANGES, touchesFor, type What } from './permission-changes.ts';
import { policyOf, type Role, SIGNERS } from './permission-people.ts';
import { SIGNATURES, type SignatureState, standing } from './permission-signatures.ts';
import { isAllowed } from './permission-tables.ts';

interface Case {
  what: What;
  role: Role;
  given: (typeof APPROVALS)[number];
}

const ROLES = Object.keys(SIGNERS) as Role[];

/** Every combination that says something for this signature. */
function* casesFor(state: SignatureState): Generator<Case> {
  for (const what of CHANGES)
    for (const role of ROLES)
      for (const given of APPROVALS) {
        if (given.only === 'own' && state.isUntraceable) continue;
        if (given.only === 'author' && state.title !== 'valid, of another person’s commit') continue;
        yield { what, role, given };
      }
}

/** What the code says: the problems' codes. */
function problemsOf(
  policy: Policy,
  state: SignatureState,
  { what, role, given }: Case,
  other?: Case,
): string[] {
  const signer = SIGNERS[role];
  const author = state.author(signer);
  const found = state.found(signer);
  const signature = 'as' in found ? found.as : judgeSignature(policy, found, author);
  const approvals = approvalsOf(policy, given.evidence(signer, what), { project: PROJECT, tree: TREE });
  const touches = [...touchesFor(what), ...(other ? touchesFor(other.what) : [])];
  const of = policy.personOfIdentity(author);
  const refusals = authorize({
    policy,
    touches,
    signature,
    approvals,
    ...(of !== undefined && { author: of }),
  });
  return refusalProblems(refusals, policy).map(({ code }) => code);
}

/** Refused as it is, where signatures are required. */
function isWorthless({ worth }: SignatureState): boolean {
  return worth !== 'signer' && worth !== 'nobody';
}

/** What the tables say. */
function isExpected(
  signatures: string | undefined,
  state: SignatureState,
  { what, role, given }: Case,
): boolean {
  if (signatures !== 'recorded' && isWorthless(state)) return false;
  return isAllowed(what, standing(state, role), given.worth);
}

describe.each([
  ['required', 'required'],
  ['not spoken of', undefined],
  ['recorded', 'recorded'],
] as const)('where signatures are %s', (_, signatures) => {
  const policy = policyOf(signatures);
  test.each(SIGNATURES)('a commit whose signature is $title may change what the tables say', (state) => {
    const disagreements: string[] = [];
    let allowed = 0;
    for (const each of casesFor(state)) {
      const problems = problemsOf(policy, state, each);
      const isRefused = problems.length > 0;
      if (!isRefused) allowed += 1;
      // Where signatures are required, one that is worth nothing is all that is said, whoever approves.
      const isSaid = signatures === 'recorded' || !isWorthless(state) || problems.join() === state.worth;
      if (isRefused === !isExpected(signatures, state, each) && isSaid) continue;
      const { what, role, given } = each;
      disagreements.push(
        `${role} ${what.action} ${what.folder} ${what.environment}, approvals: ${given.title}: ${problems.join(', ') || 'allowed'}`,
      );
    }
    expect(disagreements.slice(0, 20)).toEqual([]);
    expect(disagreements).toHaveLength(0);
    if (signatures === 'recorded' || !isWorthless(state)) expect(allowed).toBeGreaterThan(100);
  });
});

test('a commit may make two changes exactly if it may make each of them', () => {
  const policy = policyOf('required');
  const [valid] = SIGNATURES as [SignatureState];
  const simple = APPROVALS.filter(({ title }) =>
    ['none', 'a developer’s', 'an admin’s', 'two developers’', 'a developer’s and a lead’s'].includes(title),
  );
  const disagreements: string[] = [];
  for (const one of CHANGES)
    for (const other of CHANGES)
      for (const given of simple)
        for (const role of ROLES) {
          const cases = [one, other].map((what) => ({ what, role, given }));
          const refused = problemsOf(policy, valid, cases[0] as Case, cases[1]).length > 0;
          const expected = cases.every((each) => isExpected('required', valid, each));
          if (refused === expected)
            disagreements.push(JSON.stringify({ one, other, role, given: given.title }));
        }
  expect(disagreements.slice(0, 20)).toEqual([]);
});

test('the suite looks at more than 5,000 cases, of which the tables allow some and refuse more', () => {
  const all = [undefined, 'required', 'recorded'].flatMap((signatures) =>
    SIGNATURES.flatMap((state) => [...casesFor(state)].map((each) => isExpected(signatures, state, each))),
  );
  expect(all.length).toBeGreaterThan(50_000);
  expect(all.filter(Boolean).length).toBeGreaterThan(10_000);
  expect(all.filter((isAllowedByTables) => !isAllowedByTables).length).toBeGreaterThan(20_000);
});
