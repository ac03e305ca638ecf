// Buckets: the formula against published vectors and against its own words, and the integers of shares.
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bucketOf, shareOf } from '../../src/engine/bucket.ts';
import vectors from '../vectors/bucketing.json' with { type: 'json' };

test('I2: every published vector holds', () => {
  expect(vectors.cases.length).toBe(240);
  for (const { salt, name, unit, bucket } of vectors.cases)
    expect(bucketOf(salt, name, unit), unit).toBe(bucket);
});

test('I2: a bucket is the SHA-256 of salt, name and unit as one big integer modulo 10000', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.string({ unit: 'binary' }), (salt, name, unit) => {
      const digest = createHash('sha256')
        .update(Buffer.from(salt + name + unit, 'utf8'))
        .digest('hex');
      expect(bucketOf(salt, name, unit)).toBe(Number(BigInt(`0x${digest}`) % 10000n));
    }),
  );
});

test('I2: texts of every length hash alike, whichever way they are hashed', () => {
  for (let length = 0; length <= 200; length++) {
    for (const [salt, name] of [
      ['', ''],
      ['c07d2e', 'flag'],
      ['é', 'flag'],
      ['s'.repeat(length), 'flag'],
    ] as const) {
      const unit = 'u'.repeat(length);
      const digest = createHash('sha256')
        .update(salt + name + unit, 'utf8')
        .digest('hex');
      expect(bucketOf(salt, name, unit)).toBe(Number(BigInt(`0x${digest}`) % 10000n));
    }
  }
});

test('a share is the exact number of buckets, for every percentage with two decimals', () => {
  for (let share = 0; share <= 10_000; share++) expect(shareOf(Number(`${share}e-2`))).toBe(share);
});

test('units spread evenly, and two names split independently', () => {
  const units = Array.from({ length: 20_000 }, (_, i) => `user-${i}`);
  const halves = units.map((unit) => [bucketOf('s', 'a', unit) < 5000, bucketOf('s', 'b', unit) < 5000]);
  const both = halves.filter(([a, b]) => a && b).length;
  const first = halves.filter(([a]) => a).length;
  // Six standard deviations.
  expect(Math.abs(first - 10_000)).toBeLessThan(425);
  expect(Math.abs(both - 5_000)).toBeLessThan(370);
});
