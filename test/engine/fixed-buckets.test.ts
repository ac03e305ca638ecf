// Buckets that tests of flags choose: they change nothing but what they fix, and follow their map.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BUCKETS, bucketOf } from '../../src/engine/bucket.ts';
import { compile } from '../../src/engine/compile.ts';
import { evaluate, evaluateAll } from '../../src/engine/evaluate.ts';
import { explain } from '../../src/engine/explain.ts';
import { arbitraryContext, arbitrarySnapshot } from '../support/arbitrary-snapshot.ts';
import { snapshotOfBodies } from '../support/snapshot.ts';

const NOW = Date.parse('2026-06-01T00:00:00Z');

test('a ruleset that fixes nothing decides as any other', () => {
  fc.assert(
    fc.property(arbitrarySnapshot, arbitraryContext, (snapshot, context) => {
      const fixable = compile(snapshot, { fixedBuckets: new Map() });
      expect(evaluateAll(fixable, context, NOW)).toEqual(evaluateAll(compile(snapshot), context, NOW));
    }),
    { numRuns: 300, seed: 3 },
  );
});

const half = { serve: 'on', percent: 50 };
const split = snapshotOfBodies({
  flags: { a: { fallthrough: half }, b: { fallthrough: half } },
});

test('a fixed bucket decides as a unit of that bucket would', () => {
  const fixed = new Map<string, number>();
  const [hashed, chosen] = [compile(split), compile(split, { fixedBuckets: fixed })];
  for (let i = 0; i < 1000; i++) {
    const context = { targetingKey: `u${i}` };
    fixed.set('a', bucketOf('c07d2e', 'a', context.targetingKey));
    expect(evaluate(chosen, 'a', {}, NOW)).toEqual(evaluate(hashed, 'a', context, NOW));
  }
});

test('the map is looked at in each evaluation, and fixes what it names alone', () => {
  const fixed = new Map<string, number>();
  const ruleset = compile(split, { fixedBuckets: fixed });
  const answers = () => ['a', 'b'].map((flag) => evaluate(ruleset, flag, {}, NOW).errorCode ?? 'decided');
  expect(answers()).toEqual(['TARGETING_KEY_MISSING', 'TARGETING_KEY_MISSING']);
  fixed.set('a', 0);
  expect(answers()).toEqual(['decided', 'TARGETING_KEY_MISSING']);
  fixed.delete('a');
  expect(answers()).toEqual(['TARGETING_KEY_MISSING', 'TARGETING_KEY_MISSING']);
});

test('experiments of one layer are fixed apart, though they share its bucket', () => {
  const experiment = (from: number) => ({
    flag: 'a',
    status: 'running' as const,
    layer: 'l',
    slot: { from, to: from + 50 },
    arms: [{ variation: 'on', weight: 100 }],
  });
  const snapshot = snapshotOfBodies({
    flags: { a: { rules: [{ then: { experiment: 'one' } }, { then: { experiment: 'two' } }] } },
    experiments: { one: experiment(0), two: experiment(50) },
  });
  const fixed = new Map([['one:traffic', BUCKETS]]);
  const ruleset = compile(snapshot, { fixedBuckets: fixed });
  const context = { targetingKey: 'u1' };
  const inTwo = bucketOf('c07d2e', 'layer:l', 'u1') >= 5000;
  expect(evaluate(ruleset, 'a', context, NOW).metadata.experiment).toBe(inTwo ? 'two' : undefined);
  fixed.set('two:traffic', BUCKETS);
  expect(evaluate(ruleset, 'a', context, NOW).metadata.experiment).toBeUndefined();
  fixed.set('two:traffic', 5000).set('two:arms', 0);
  expect(evaluate(ruleset, 'a', {}, NOW).metadata.experiment).toBe('two');
});

test('an explanation says which buckets were fixed', () => {
  const fixed = new Map([['a', 42]]);
  const ruleset = compile(split, { fixedBuckets: fixed });
  expect(explain(ruleset, 'a', {}, NOW).steps.at(-1)).toMatchObject({ outcome: { bucket: 42, fixed: true } });
  expect(explain(ruleset, 'b', { targetingKey: 'u' }, NOW).steps.at(-1)).not.toHaveProperty('outcome.fixed');
});
