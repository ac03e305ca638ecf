// Trying again lives in one place.
import { describe, expect, it } from 'vitest';
import { UnreachableError } from '../../src/lib/errors.ts';
import { follow, type Source, SourceError, type SourceNews } from '../../src/relay/source.ts';

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
      { type: 'fault', fault: { code: 'unexpected', message: 'a bug', cause: expect.any(Error) } },
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
