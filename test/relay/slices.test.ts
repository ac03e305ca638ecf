// Long work lets others in.
import { describe, expect, it } from 'vitest';
import { inSlices } from '../../src/relay/slices.ts';

describe('work in slices', () => {
  it('gives the event loop its turns, and returns what the work returns', async () => {
    let turns = 0;
    let working = true;
    const tick = () => {
      turns++;
      if (working) setImmediate(tick);
    };
    setImmediate(tick);
    const result = await inSlices(
      (function* () {
        for (let step = 0; step < 10; step++) {
          const end = performance.now() + 2;
          while (performance.now() < end);
          yield;
        }
        return 'done';
      })(),
      1,
    );
    working = false;
    expect(result).toBe('done');
    expect(turns).toBeGreaterThanOrEqual(9);
  });
});
