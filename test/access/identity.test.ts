// What a signature is worth by the policy that is applied.
import { expect, test } from 'vitest';
import { judgeSignature, type VerifiedSignature } from '../../src/access/identity.ts';
import { Policy } from '../../src/access/policy.ts';

const policy = new Policy({
  access: 1,
  people: { alice: { roles: ['admin'], keys: ['SHA256:a', 'SHA256:r'], emails: ['alice@example.com'] } },
  trust: [
    { key: 'SHA256:m', vouches: 'author' },
    { key: 'SHA256:n', vouches: 'author' },
  ],
  revoked: ['SHA256:r', 'SHA256:n'],
  rules: [{ role: 'admin', may: ['change'] }],
});

const alice = 'Alice <alice@example.com>';
const of = (status: VerifiedSignature['status'], fingerprint?: string): VerifiedSignature => {
  return { status, ...(fingerprint !== undefined && { fingerprint }) };
};

test.each<[string, VerifiedSignature, string | undefined, object]>([
  ['none', of('unsigned'), alice, { status: 'unsigned' }],
  [
    'a person’s key',
    of('holds', 'SHA256:a'),
    alice,
    { status: 'valid', fingerprint: 'SHA256:a', person: 'alice' },
  ],
  [
    'a person’s key on another’s commit',
    of('holds', 'SHA256:a'),
    'Eve <e@x>',
    { status: 'valid', fingerprint: 'SHA256:a', person: 'alice' },
  ],
  [
    'a person’s key on what is no commit',
    of('holds', 'SHA256:a'),
    undefined,
    { status: 'valid', fingerprint: 'SHA256:a', person: 'alice' },
  ],
  ['an unknown key', of('holds', 'SHA256:x'), alice, { status: 'unknown-key', fingerprint: 'SHA256:x' }],
  ['no key', of('holds'), alice, { status: 'unknown-key' }],
  ['a revoked key', of('holds', 'SHA256:r'), alice, { status: 'revoked', fingerprint: 'SHA256:r' }],
  [
    'a revoked key that has expired',
    of('expired', 'SHA256:r'),
    alice,
    { status: 'revoked', fingerprint: 'SHA256:r' },
  ],
  [
    'a revoked key’s, that does not hold',
    of('invalid', 'SHA256:r'),
    alice,
    { status: 'invalid', fingerprint: 'SHA256:r' },
  ],
  [
    'a person’s key that has expired',
    of('expired', 'SHA256:a'),
    alice,
    { status: 'expired', fingerprint: 'SHA256:a' },
  ],
  [
    'a person’s, that does not hold',
    of('invalid', 'SHA256:a'),
    alice,
    { status: 'invalid', fingerprint: 'SHA256:a' },
  ],
  ['one that does not hold, of no known key', of('invalid'), alice, { status: 'invalid' }],
  [
    'one that nobody could verify',
    of('unverifiable', 'SHA256:a'),
    alice,
    { status: 'unknown-key', fingerprint: 'SHA256:a' },
  ],
  ['one without a key that nobody could verify', of('unverifiable'), alice, { status: 'unknown-key' }],
  [
    'a trusted key, for a person',
    of('holds', 'SHA256:m'),
    alice,
    { status: 'valid', fingerprint: 'SHA256:m', person: 'alice', vouched: true },
  ],
  [
    'a trusted key, for a stranger',
    of('holds', 'SHA256:m'),
    'Eve <e@x>',
    { status: 'valid', fingerprint: 'SHA256:m', vouched: true },
  ],
  [
    'a trusted key on what is no commit',
    of('holds', 'SHA256:m'),
    undefined,
    { status: 'unknown-key', fingerprint: 'SHA256:m' },
  ],
  [
    'a trusted key that is revoked',
    of('holds', 'SHA256:n'),
    alice,
    { status: 'revoked', fingerprint: 'SHA256:n' },
  ],
])('%s', (_, verified, author, expected) => {
  expect(judgeSignature(policy, verified, author)).toEqual(expected);
});

test.each<[string, VerifiedSignature, object]>([
  ['none', of('unsigned'), { status: 'unsigned' }],
  ['one that holds', of('holds', 'SHA256:a'), { status: 'unknown-key', fingerprint: 'SHA256:a' }],
  ['one that does not', of('invalid', 'SHA256:a'), { status: 'invalid', fingerprint: 'SHA256:a' }],
  ['an expired one', of('expired', 'SHA256:a'), { status: 'expired', fingerprint: 'SHA256:a' }],
])('without a policy, %s is nobody’s', (_, verified, expected) => {
  expect(judgeSignature(undefined, verified, alice)).toEqual(expected);
});
