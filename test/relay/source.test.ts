// Trying again lives in one place.
import { afterAll, describe, expect, it } from 'vitest';
import { aborted } from '../../src/io/lifecycle.ts';
import { Wake } from '../../src/io/wake.ts';
import { UnreachableError } from '../../src/lib/errors.ts';
import {
  follow,
  keepTrying,
  nextLook,
  type Source,
  SourceError,
  type SourceNews,
} from '../../src/relay/source.ts';
import { until } from './support.ts';

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

describe('a fleet comes one after the other, by chance', () => {
  const CHANCES = [0.9, 0.1, 0.5, 0.3, 0.7];
  const stop = new AbortController();
  afterAll(() => stop.abort());

  /** The chances in the order in which their members came. */
  async function comers(begin: (chance: number, come: () => void) => void): Promise<number[]> {
    const come: number[] = [];
    for (const chance of CHANCES) begin(chance, () => come.push(chance));
    await until(() => come.length === CHANCES.length);
    return come;
  }

  it('where it lost its source at one instant', async () => {
    const come = await comers((chance, done) => {
      let runs = 0;
      const run = async () => {
        if (++runs === 1) throw new Error('lost');
        done();
        await aborted(stop.signal);
      };
      void keepTrying(
        run,
        async () => undefined,
        stop.signal,
        () => chance,
      );
    });
    expect(come).toEqual(CHANCES.toSorted());
  });

  it('where it is woken at one instant', async () => {
    const come = await comers((chance, done) => {
      const wake = new Wake();
      wake.ring();
      void nextLook(wake, 3_600_000, stop.signal, () => chance).then(done);
    });
    expect(come).toEqual(CHANCES.toSorted());
  });

  it('where it polls', async () => {
    const come = await comers((chance, done) => {
      void nextLook(new Wake(), 400, stop.signal, () => chance).then(done);
    });
    expect(come).toEqual(CHANCES.toSorted());
  });
});
