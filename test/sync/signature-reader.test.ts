// Signatures are verified in batches ahead of their judgement, and again where the keys have changed meanwhile.
import { expect, test } from 'vitest';
import { Policy } from '../../src/access/policy.ts';
import type { AccessDefinition } from '../../src/model/definitions.gen.ts';
import { SignatureReader, signingKeys } from '../../src/sync/signature-reader.ts';

const signal = AbortSignal.timeout(60_000);
const KEY = `SHA256:${'a'.repeat(43)}`;
const TRUST = `SHA256:${'b'.repeat(43)}`;
const OPENPGP = 'A'.repeat(40);

const policyOf = (body: Partial<AccessDefinition>) =>
  new Policy({ access: 1, people: {}, rules: [{ role: 'admin', may: ['change'] }], ...body });

/** A reader over a range, and the batches that it asked for. */
function setUp(count: number) {
  const batches: string[][] = [];
  const commits = Array.from({ length: count }, (_, index) => `c${index}`);
  const reader = new SignatureReader(async (asked) => {
    batches.push([...asked]);
    return asked.map((id) => ({ status: 'holds', fingerprint: id }));
  });
  const read = (index: number, policy?: Policy) =>
    reader.read(commits[index] ?? '', commits.slice(index + 1), policy, signal);
  return { batches, read };
}

test('a thousand commits are a dozen batches, each commit in one', async () => {
  const { batches, read } = setUp(1_000);
  for (let index = 0; index < 1_000; index++)
    expect(await read(index)).toEqual({ status: 'holds', fingerprint: `c${index}` });
  expect(batches.length).toBeLessThanOrEqual(12);
  expect(batches.flat()).toHaveLength(1_000);
});

test('other keys make what was verified ahead worthless, and little is verified ahead then', async () => {
  const { batches, read } = setUp(100);
  const policies = [{}, { openpgp: ['one'] }, { openpgp: ['two'] }].map(policyOf);
  for (const [index, policy] of policies.entries()) await read(index, policy);
  expect(batches.map(([first, ...more]) => [first, more.length])).toEqual([
    ['c0', 7],
    ['c1', 7],
    ['c2', 7],
  ]);
});

test('the keys are those of people and those that vouch, and OpenPGP’s go by their public keys', () => {
  const policy = policyOf({
    people: { ada: { keys: [KEY, OPENPGP], roles: [] } },
    trust: [{ key: TRUST, vouches: 'author' }],
    openpgp: ['armor'],
  });
  expect(signingKeys(policy)).toEqual({
    ssh: [
      { fingerprint: KEY, principal: 'ada' },
      { fingerprint: TRUST, principal: 'trust' },
    ],
    openpgp: ['armor'],
  });
  expect(signingKeys(undefined)).toEqual({ ssh: [], openpgp: [] });
});
