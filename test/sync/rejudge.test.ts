// When a rejected commit is judged again: pure decisions, in tables.
import { describe, expect, test } from 'vitest';
import type { Evidence } from '../../src/model/evidence.ts';
import { obstacleOf } from '../../src/sync/rejected.ts';
import { asFirstSeen, mayBeMended } from '../../src/sync/rejudge.ts';

const problem = (code: string) => ({ code });

test.each([
  ['approval-missing', ['approval-missing']],
  ['access-denied', ['approval-missing', 'access-denied']],
  ['signature', ['signature-unknown-key']],
  ['signature', ['signature-missing']],
  ['definitions', ['unknown-variation']],
  ['definitions', ['access-denied', 'overridden-variation-removed']],
  ['definitions', ['shared-identity']],
  ['definitions', []],
])('the obstacle is %s where the problems are %j', (obstacle, codes) => {
  expect(obstacleOf(codes.map(problem))).toBe(obstacle);
});

describe('definitions that were rejected', () => {
  const rejected = { entry: 4, commit: 'c', evidence: [], problems: [] };

  test.each([
    ['approval-missing', 4, true],
    ['access-denied', 4, true],
    ['signature', 4, true],
    ['definitions', 4, false],
    ['definitions', 5, true],
  ] as const)('for %s, while the last entry is %i, may be mended: %s', (obstacle, lastEntry, expected) => {
    expect(mayBeMended({ ...rejected, obstacle }, lastEntry)).toBe(expected);
  });
});

describe('whether an approval had expired', () => {
  const signed = { status: 'valid' } as const;
  const approval = (statement: string, expired?: true): Evidence => ({
    kind: 'approval',
    statement,
    signature: 's',
    signed,
    ...(expired && { expired }),
  });

  test('is as its first entry says, whatever the clock says now', () => {
    const now = [approval('a', true), approval('b', true), approval('c'), approval('d')];
    const recorded = [approval('a'), approval('b', true), approval('c', true)];
    expect(asFirstSeen(now, recorded)).toEqual([
      approval('a'),
      approval('b', true),
      approval('c', true),
      approval('d'),
    ]);
  });

  test('is told apart by statement and signature', () => {
    const [other] = asFirstSeen(
      [{ ...approval('a', true), signature: 'other' } as Evidence],
      [approval('a')],
    );
    expect(other).toHaveProperty('expired', true);
  });
});
