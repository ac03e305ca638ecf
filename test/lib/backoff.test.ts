// The wait before a retry.
import { describe, expect, it } from 'vitest';
import { backoffMs } from '../../src/lib/backoff.ts';

describe('the wait before a retry', () => {
  it('doubles up to a bound, and is spread', () => {
    expect([1, 2, 3, 4].map((attempt) => backoffMs(attempt, 0.999_999_9)).map(Math.round)).toEqual([
      100, 200, 400, 800,
    ]);
    expect(backoffMs(1_000_000, 0.999_999_9)).toBeLessThanOrEqual(5_000);
    expect(backoffMs(1, 0)).toBe(50);
    expect(backoffMs(1, 0, { baseMs: 1_000, leastPart: 0.1 })).toBe(100);
  });
});
