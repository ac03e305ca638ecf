// Trying again lives in one place; the bell rings once; long work lets others in.
import { describe, expect, it } from 'vitest';
import { backoffMs } from '../../src/lib/backoff.ts';
import { UnreachableError } from '../../src/lib/errors.ts';
import { inSlices } from '../../src/relay/slices.ts';
import { follow, type Source, SourceError, type SourceNews } from '../../src/relay/source.ts';
import { Wake } from '../../src/relay/wake.ts';

describe('follow', () => {
  it('runs a source again after it failed, tells each fault, and ends when it is told to', async () => {
    const stopping = new AbortController();
    const news: SourceNews[] = [];
    let runs = 0;
    const source: Source = {
      kind: 'postgres',
      wake: () => undefined,
      run: async (emit, signal) => {
        runs++;
        if (runs === 1) throw new UnreachableError('postgres', 'is away');
        if (runs === 2) throw new SourceError('digest', 'is wrong');
        if (runs === 3) throw new Error('a bug');
        await emit({ type: 'current' });
        stopping.abort();
        signal.throwIfAborted();
      },
    };
    await follow(
      source,
      async (item) => void news.push(item),
      stopping.signal,
      () => 0,
    );
    expect(news).toEqual([
      { type: 'fault', fault: { code: 'postgres', message: 'is away' } },
      { type: 'fault', fault: { code: 'digest', message: 'is wrong' } },
      { type: 'fault', fault: { code: 'unexpected', message: 'a bug' } },
      { type: 'current' },
    ]);
  });

  it('does not wait out its pause when it is told to end', async () => {
    const stopping = new AbortController();
    const source: Source = {
      kind: 'postgres',
      wake: () => undefined,
      run: async () => {
        throw new Error('always');
      },
    };
    let faults = 0;
    const following = follow(
      source,
      async () => void (++faults === 8 && stopping.abort()),
      stopping.signal,
      () => 0,
    );
    await following;
    expect(faults).toBe(8);
  });
});

describe('the wait before a retry', () => {
  it('doubles up to a bound, and is spread', () => {
    expect([1, 2, 3, 4].map((attempt) => backoffMs(attempt, 0.999_999_9)).map(Math.round)).toEqual([
      100, 200, 400, 800,
    ]);
    expect(backoffMs(1_000_000, 0.999_999_9)).toBeLessThanOrEqual(5_000);
    expect(backoffMs(1, 0)).toBe(50);
  });
});

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
