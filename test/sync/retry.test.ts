// How long sync waits after a trip that failed.
import { expect, test } from 'vitest';
import { retryAfterMs } from '../../src/sync/loop.ts';

test.each([
  ['up', 250, 1, 250],
  ['up', 250, 100, 1_000],
  ['sync', 2_000, 1, 500],
  ['sync', 2_000, 100, 5_000],
  ['a sync that relies on its webhook', 3_600_000, 100, 5_000],
])(
  '%s, which looks every %i ms, waits after %i failures in a row at most %i ms',
  (_, intervalMs, failures, mostMs) => {
    expect(retryAfterMs(failures, intervalMs, 1)).toBe(mostMs);
    expect(retryAfterMs(failures, intervalMs, 0)).toBe(mostMs / 2);
  },
);
