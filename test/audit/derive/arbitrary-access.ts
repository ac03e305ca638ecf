// Access policies, signatures, evidence and changes at random, of so few names that they often meet.
import fc from 'fast-check';
import type { Verified } from '../../../src/audit/derive/people.ts';
import type { RowChange } from '../../../src/changes/diff.ts';
import { canonical } from '../../../src/lib/json.ts';
import type { AccessDefinition } from '../../../src/model/definitions.gen.ts';
import type { Evidence } from '../../../src/model/evidence.ts';

export const PROJECT = 'acme/shop';
export const TREE = '1'.repeat(40);

const PEOPLE = ['ann', 'bob', 'cy', 'dee'] as const;
const ENVIRONMENTS = ['dev', 'prod'] as const;
const PATHS = ['checkout/pay.yaml', 'search.yaml', 'a/b/c.yaml', 'access.yaml'] as const;

export function keyOf(name: string): string {
  return `SHA256:${name.padEnd(43, '0')}`;
}

const key = fc.constantFrom(...PEOPLE, 'merge', 'lost').map(keyOf);
const role = fc.constantFrom('admin', 'developer');

const person = fc.record(
  {
    keys: fc.uniqueArray(key, { maxLength: 2 }),
    roles: fc.uniqueArray(role, { maxLength: 2 }),
    emails: fc.uniqueArray(fc.constantFrom('ann@example.com', 'bob@Example.com', 'cy@example.com'), {
      maxLength: 2,
    }),
    github: fc.constantFrom('Ann', 'bob'),
    gitlab: fc.constantFrom('ann', 'cy'),
  },
  { requiredKeys: ['roles'] },
);

const rule = fc.record(
  {
    role,
    may: fc.uniqueArray(fc.constantFrom('change', 'change-access', 'override'), {
      minLength: 1,
      maxLength: 3,
    }),
    environments: fc.uniqueArray(fc.constantFrom(...ENVIRONMENTS), { minLength: 1, maxLength: 2 }),
    paths: fc.uniqueArray(fc.constantFrom('checkout/**', '*.yaml', '**/*.yaml', 'a/*/c.yaml'), {
      minLength: 1,
      maxLength: 2,
    }),
    approvals: fc.constantFrom(0, 0, 1, 2),
  },
  { requiredKeys: ['role', 'may'] },
);

export const arbitraryPolicy = fc.record(
  {
    access: fc.constant(1),
    people: fc.record(
      { ann: person, bob: person, cy: person, dee: person },
      { requiredKeys: ['ann', 'bob'] },
    ),
    signatures: fc.constantFrom('required', 'recorded', 'recorded'),
    trust: fc.array(
      fc.record({ key: fc.constantFrom('merge', 'merge', 'ann').map(keyOf), vouches: fc.constant('author') }),
      {
        maxLength: 1,
      },
    ),
    revoked: fc.uniqueArray(fc.constantFrom('lost', 'merge', 'dee').map(keyOf), { maxLength: 2 }),
    trailers: fc.constantFrom('trusted', 'recorded'),
    rules: fc.array(rule, { minLength: 1, maxLength: 4 }),
  },
  { requiredKeys: ['access', 'people', 'rules'] },
) as unknown as fc.Arbitrary<AccessDefinition>;

export const verifications: fc.Arbitrary<Verified> = fc.oneof(
  key.map((fingerprint): Verified => ({ status: 'holds', fingerprint })),
  key.map((fingerprint): Verified => ({ status: 'holds', fingerprint })),
  key.map((fingerprint): Verified => ({ status: 'expired', fingerprint })),
  fc.constantFrom<Verified>(
    { status: 'unsigned' },
    { status: 'invalid' },
    { status: 'unverifiable' },
    { status: 'expired' },
  ),
);

const statement = fc
  .record({
    project: fc.constantFrom(PROJECT, PROJECT, 'acme/else'),
    tree: fc.constantFrom(TREE, TREE, '2'.repeat(40)),
    environments: fc.constantFrom(['dev'], ['dev', 'prod'], ['prod'], ['prod', 'dev'], []),
  })
  .map((said) => canonical({ ...said, v: 1, expires: '2030-01-01T00:00:00Z' }));

const approval = fc
  .record({ said: statement, by: key, isValid: fc.boolean(), isExpired: fc.constantFrom(false, false, true) })
  .map(({ said, by, isValid, isExpired }): Evidence => {
    const signed = { status: isValid ? ('valid' as const) : ('unknown-key' as const), fingerprint: by };
    return {
      kind: 'approval',
      statement: said,
      signature: 's',
      signed,
      ...(isExpired && { expired: true as const }),
    };
  });

const review = fc
  .record({
    kind: fc.constantFrom('github-review', 'gitlab-approval'),
    reviewer: fc.constantFrom('ANN', 'bob', 'cy', 'nobody'),
    tree: fc.constantFrom(TREE, '2'.repeat(40)),
  })
  .map((said): Evidence => ({ ...said, pullRequest: 1, commit: 'c', at: 'now', record: '{}' }) as Evidence);

const trailer = fc
  .constantFrom('Ann <ann@example.com>', 'bob <BOB@example.com>', 'cy')
  .map((by): Evidence => ({ kind: 'trailer', by }));

/** A definition's row, and the rows of some environments. */
const changed = fc
  .record({
    kind: fc.constantFrom('flag', 'flag', 'segment', 'access'),
    key: fc.constantFrom('a', 'b'),
    path: fc.constantFrom(...PATHS),
    to: fc.option(fc.constantFrom(...PATHS), { nil: undefined, freq: 5 }),
    act: fc.constantFrom('created', 'updated', 'deleted'),
    served: fc.subarray([...ENVIRONMENTS]),
    isDefinition: fc.constantFrom(true, true, true, false),
  })
  .map(({ kind, key: name, path, to, act, served, isDefinition }): RowChange[] => {
    const rows = [
      ...(isDefinition ? [{ kind, key: name, path }] : []),
      ...served.map((environment) => ({ kind, key: name, environment })),
    ];
    return rows.map((row): RowChange => {
      const before = { ...row, digest: '1' };
      const after = { ...row, ...('path' in row && { path: to ?? path }), digest: '2', body: {}, text: '{}' };
      return { ...(act !== 'created' && { before }), ...(act !== 'deleted' && { after }) };
    });
  });

export const arbitraryCase = fc.record({
  changes: fc
    .uniqueArray(changed, { maxLength: 3, selector: ([first]) => first?.after?.kind ?? first?.before?.kind })
    .map((lists) => lists.flat()),
  environments: fc.constant([...ENVIRONMENTS] as string[]),
  verified: verifications,
  author: fc.constantFrom('Ann <ann@example.com>', 'Bob <bob@example.com>', 'Eve <eve@example.com>'),
  evidence: fc.array(fc.oneof(approval, approval, review, trailer), { maxLength: 4 }),
});
