// The deriver and the writer are written apart, and agree: on patches, on path patterns, on people, and on refusals.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { approvalsOf } from '../../../src/access/approvals.ts';
import { authorize } from '../../../src/access/authorize.ts';
import { judgeSignature } from '../../../src/access/identity.ts';
import { pathPattern } from '../../../src/access/path-pattern.ts';
import { Policy } from '../../../src/access/policy.ts';
import { refusalProblems } from '../../../src/access/refusals.ts';
import { touchesOf } from '../../../src/access/touch.ts';
import { patchBetween } from '../../../src/audit/derive/patch.ts';
import { isPathNamed } from '../../../src/audit/derive/pattern.ts';
import { peopleOf, signatureOf } from '../../../src/audit/derive/people.ts';
import { touchesOf as derivedTouches } from '../../../src/audit/derive/permissions.ts';
import { nameOf } from '../../../src/audit/derive/rows.ts';
import { refusalsOf } from '../../../src/audit/derive/verdict.ts';
import type { RowChange } from '../../../src/changes/diff.ts';
import { patchOf } from '../../../src/changes/patch.ts';
import { personalAttributes } from '../../../src/changes/value-text.ts';
import type { AccessDefinition } from '../../../src/model/definitions.gen.ts';
import type { Evidence } from '../../../src/model/evidence.ts';
import { arbitraryCase, arbitraryPolicy, keyOf, PROJECT, TREE, verifications } from './arbitrary-access.ts';
import { type Body, bodies } from './arbitrary-body.ts';

const personal = personalAttributes({ attributes: { email: { type: 'string', personal: true } } });
const bodiesByLevel = Object.entries(bodies).flatMap(([kind, { definition, row }]) => [
  ...(definition ? [[kind, 'project', definition] as const] : []),
  ...(row ? [[kind, 'environment', row] as const] : []),
]);

describe('two bodies have the same patch for both', () => {
  test.each(bodiesByLevel)('of kind %s, as the %s has them', (kind, level, arbitrary) => {
    const body = arbitrary as fc.Arbitrary<Body>;
    fc.assert(
      fc.property(body, body, (before, after) => {
        const context = { kind, isDefinition: level === 'project', personal };
        expect(patchBetween(before, after, context)).toEqual(patchOf(kind, level, before, after, personal));
      }),
      { seed: 41, numRuns: 400 },
    );
  });
});

test('a path is named by the same patterns for both', () => {
  const name = fc.string({ unit: fc.constantFrom('a', 'b', '*'), minLength: 1, maxLength: 4 });
  const pattern = fc
    .array(
      fc.oneof(
        fc.constant('**'),
        name.map((text) => text.replace(/\*+/g, '*')),
      ),
      { minLength: 1, maxLength: 5 },
    )
    .map((names) => names.join('/'));
  const path = fc
    .array(fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 1, maxLength: 4 }), {
      minLength: 1,
      maxLength: 5,
    })
    .map((names) => names.join('/'));
  fc.assert(
    fc.property(pattern, path, (wanted, given) => {
      expect(isPathNamed(given, wanted)).toBe(pathPattern(wanted)(given));
    }),
    { seed: 42, numRuns: 5_000 },
  );
});

test('a signature is worth the same for both', () => {
  const author = fc.constantFrom(
    'Ann <ann@example.com>',
    'Bob <BOB@example.com>',
    'x <nobody@example.com>',
    'a <b> <ann@example.com>',
  );
  fc.assert(
    fc.property(
      arbitraryPolicy,
      verifications,
      fc.option(author, { nil: undefined }),
      (policy, verified, by) => {
        expect(signatureOf(peopleOf(policy), verified, by)).toEqual(
          judgeSignature(new Policy(policy), verified, by),
        );
      },
    ),
    { seed: 43, numRuns: 3_000 },
  );
  expect(signatureOf(undefined, { status: 'holds', fingerprint: keyOf('ann') })).toEqual(
    judgeSignature(undefined, { status: 'holds', fingerprint: keyOf('ann') }),
  );
});

test('a commit is refused for the same reasons by both', () => {
  let refused = 0;
  let allowed = 0;
  fc.assert(
    fc.property(
      arbitraryPolicy,
      arbitraryCase,
      (body, { changes, environments, verified, author, evidence }) => {
        const derived = derivedRefusals(body, { changes, environments, verified, author, evidence });
        const policy = new Policy(body);
        const owner = policy.personOfIdentity(author);
        const refusals = authorize({
          policy,
          touches: touchesOf(changes, environments),
          signature: judgeSignature(policy, verified, author),
          approvals: approvalsOf(policy, evidence, { project: PROJECT, tree: TREE }),
          ...(owner !== undefined && { author: owner }),
        });
        const expected = refusalProblems(refusals, policy).map(({ code, file, line, column }) => ({
          code,
          file,
          line,
          column,
        }));
        if (expected.length > 0) refused += 1;
        else allowed += 1;
        expect(derived).toEqual(expected);
      },
    ),
    { seed: 44, numRuns: 10_000 },
  );
  // Both happen often, or the cases say nothing.
  expect(Math.min(refused, allowed)).toBeGreaterThan(500);
});

interface Case {
  changes: RowChange[];
  environments: string[];
  verified: Parameters<typeof signatureOf>[1];
  author: string;
  evidence: Evidence[];
}

function derivedRefusals(
  policy: AccessDefinition,
  { changes, environments, verified, author, evidence }: Case,
) {
  const people = peopleOf(policy);
  const differences = changes.map(({ before, after }) => ({
    name: nameOf((after ?? before) as { kind: string; key: string; environment?: string }),
    ...(before && { before }),
    ...(after && { after }),
  }));
  return refusalsOf({
    policy,
    people,
    touches: derivedTouches(differences, environments),
    signature: signatureOf(people, verified, author),
    author,
    evidence,
    project: PROJECT,
    tree: TREE,
  });
}
