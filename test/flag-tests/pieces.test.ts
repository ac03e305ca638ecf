// Pieces of buckets, compared with asking for every bucket.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BUCKETS } from '../../src/engine/bucket.ts';
import { compile } from '../../src/engine/compile.ts';
import { evaluate } from '../../src/engine/evaluate.ts';
import { piecesOf } from '../../src/flag-tests/pieces.ts';
import type { Decision } from '../../src/model/decision.ts';
import { arbitraryContext, arbitrarySnapshot } from '../support/arbitrary-snapshot.ts';

const NOW = Date.parse('2026-06-01T00:00:00Z');

test('the pieces are all buckets, and each bucket of a piece gets what the first one gets', () => {
  fc.assert(
    fc.property(arbitrarySnapshot, arbitraryContext, (snapshot, context) => {
      const fixed = new Map<string, number>();
      const ruleset = compile(snapshot, { fixedBuckets: fixed });
      for (const [key, flag] of ruleset.flags) {
        fixed.clear();
        let next = 0;
        for (const { from, to } of piecesOf(flag, NOW)) {
          expect(from).toBe(next);
          next = to + 1;
          const answers = new Set<Decision>();
          for (let bucket = from; bucket <= to; bucket++) {
            fixed.set(key, bucket);
            answers.add(evaluate(ruleset, key, context, NOW));
          }
          expect(answers.size).toBe(1);
        }
        expect(next).toBe(BUCKETS);
      }
    }),
    { numRuns: 40, seed: 11 },
  );
});
