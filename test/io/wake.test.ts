// The bell that a loop waits for.
import { describe, expect, it } from 'vitest';
import { Wake } from '../../src/io/wake.ts';

describe('a bell', () => {
  it('that was rung before anyone listened is heard, once', async () => {
    const wake = new Wake();
    const { signal } = new AbortController();
    wake.ring();
    wake.ring();
    expect(await wake.heard(10_000, signal)).toBe(true);
    expect(await wake.heard(1, signal)).toBe(false);
  });

  it('is heard while someone waits, and nobody waits after an abort', async () => {
    const wake = new Wake();
    const stopping = new AbortController();
    const heard = wake.heard(10_000, stopping.signal);
    wake.ring();
    expect(await heard).toBe(true);
    const aborted = wake.heard(10_000, stopping.signal);
    stopping.abort();
    expect(await aborted).toBe(false);
    expect(await wake.heard(10_000, stopping.signal)).toBe(false);
  });
});
