// Which evidence counts as an approval, and whose.
import { describe, expect, test } from 'vitest';
import { approvalsOf } from '../../src/access/approvals.ts';
import { Policy } from '../../src/access/policy.ts';
import { statementText } from '../../src/access/statement.ts';
import type { ApprovalEvidence, Evidence, ForgeEvidence } from '../../src/model/evidence.ts';

const TREE = 'a'.repeat(40);
const subject = { project: 'acme/shop', tree: TREE };

function policyOf(trailers?: 'trusted' | 'recorded'): Policy {
  return new Policy({
    access: 1,
    people: {
      alice: {
        roles: ['admin'],
        keys: ['SHA256:a', 'SHA256:old'],
        emails: ['alice@example.com'],
        github: 'alice-gh',
      },
      bob: { roles: ['developer'], keys: ['SHA256:b'], gitlab: 'bob-gl' },
    },
    trust: [{ key: 'SHA256:m', vouches: 'author' }],
    revoked: ['SHA256:old'],
    ...(trailers && { trailers }),
    rules: [{ role: 'admin', may: ['change'] }],
  });
}

const statement = {
  v: 1,
  ...subject,
  environments: ['dev', 'prod'],
  expires: '2030-01-01T00:00:00Z',
} as const;

function approval(more: Partial<ApprovalEvidence> = {}): ApprovalEvidence {
  const signed = { status: 'valid' as const, fingerprint: 'SHA256:a', person: 'alice' };
  return {
    kind: 'approval',
    statement: statementText({ ...statement, environments: ['dev', 'prod'] }),
    signature: '',
    signed,
    ...more,
  };
}

function stating(more: object): Partial<ApprovalEvidence> {
  return { statement: statementText({ ...statement, ...more } as never) };
}

describe('a signed approval', () => {
  const counted = [{ person: 'alice', environments: ['dev', 'prod'] }];
  test.each<[string, Partial<ApprovalEvidence>, object[]]>([
    ['counts where it says', {}, counted],
    [
      'is the key’s owner’s, whatever is said of it',
      { signed: { status: 'valid', fingerprint: 'SHA256:a', person: 'bob' } },
      counted,
    ],
    ['counts for nothing once it has expired', { expired: true }, []],
    [
      'counts for nothing by a revoked key',
      { signed: { status: 'valid', fingerprint: 'SHA256:old', person: 'alice' } },
      [],
    ],
    [
      'counts for nothing by a key that vouches',
      { signed: { status: 'valid', fingerprint: 'SHA256:m', person: 'alice', vouched: true } },
      [],
    ],
    [
      'counts for nothing by a key that is said to vouch',
      { signed: { status: 'valid', fingerprint: 'SHA256:a', person: 'alice', vouched: true } },
      [],
    ],
    [
      'counts for nothing by an unknown key',
      { signed: { status: 'valid', fingerprint: 'SHA256:x', person: 'alice' } },
      [],
    ],
    ['counts for nothing without a key', { signed: { status: 'valid', person: 'alice' } }, []],
    ...(['unsigned', 'unverified', 'unknown-key', 'revoked', 'expired', 'invalid'] as const).map(
      (status): [string, Partial<ApprovalEvidence>, object[]] => [
        `counts for nothing where its signature is ${status}`,
        { signed: { status, fingerprint: 'SHA256:a', person: 'alice' } },
        [],
      ],
    ),
    ['counts for nothing for another tree', stating({ tree: 'b'.repeat(40) }), []],
    ['counts for nothing for another project', stating({ project: 'acme/shop2' }), []],
    ['counts for nothing of another version', stating({ v: 2 }), []],
    ['counts for nothing without environments', stating({ environments: [] }), []],
    ['counts for nothing with a member more', stating({ more: true }), []],
    ['counts for nothing as no statement', { statement: '{}' }, []],
    ['counts for nothing as no JSON', { statement: 'approved' }, []],
  ])('%s', (_, more, expected) => {
    expect(approvalsOf(policyOf(), [approval(more)], subject)).toEqual(expected);
  });
});

describe('a review at a forge', () => {
  const review: ForgeEvidence = {
    kind: 'github-review',
    pullRequest: 7,
    reviewer: 'Alice-GH',
    commit: 'c'.repeat(40),
    tree: TREE,
    at: '2026-11-20T12:00:00Z',
    record: '{}',
  };
  test.each<[string, Partial<ForgeEvidence>, object[]]>([
    ['counts everywhere', {}, [{ person: 'alice' }]],
    [
      'at the other forge is by who has the login there',
      { kind: 'gitlab-approval', reviewer: 'bob-gl' },
      [{ person: 'bob' }],
    ],
    ['counts for nothing by a login of the other forge', { kind: 'gitlab-approval' }, []],
    ['counts for nothing by a login of nobody’s', { reviewer: 'mallory' }, []],
    ['counts for nothing of another tree', { tree: 'b'.repeat(40) }, []],
  ])('%s', (_, more, expected) => {
    expect(approvalsOf(policyOf(), [{ ...review, ...more }], subject)).toEqual(expected);
  });
});

describe('a trailer', () => {
  const trailer = (by: string): Evidence => ({ kind: 'trailer', by });
  test.each<[string, 'trusted' | 'recorded' | undefined, string, object[]]>([
    ['counts where trailers are trusted', 'trusted', 'Alice <ALICE@example.com>', [{ person: 'alice' }]],
    ['of a stranger counts for nothing', 'trusted', 'Eve <eve@example.com>', []],
    ['of two addresses counts for nothing', 'trusted', 'A <eve@example.com> <alice@example.com>', []],
    ['counts for nothing where trailers are recorded', 'recorded', 'Alice <alice@example.com>', []],
    [
      'counts for nothing where the policy does not speak of them',
      undefined,
      'Alice <alice@example.com>',
      [],
    ],
  ])('%s', (_, trailers, by, expected) => {
    expect(approvalsOf(policyOf(trailers), [trailer(by)], subject)).toEqual(expected);
  });
});
