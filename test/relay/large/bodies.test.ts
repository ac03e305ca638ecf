// The pace of large bodies: short ones never wait for long ones, and what is costly has a small part of the time.
import { serialize } from 'node:v8';
import { describe, expect, it, vi } from 'vitest';
import { LargeBodies } from '../../../src/relay/large/bodies.ts';
import type { FromThread } from '../../../src/relay/large/messages.ts';
import { ReaderThread } from '../../../src/relay/large/reader.ts';
import { readableLog } from '../support.ts';

/** Callers whose large bodies each take so much of the processor's time to read, and then so many steps. */
interface Caller {
  readMs: number;
  steps: number;
  stepMs: number;
  chars: number;
  done: number;
  refused: number;
  /** How often what it asked for was let go of. */
  ended: number;
}

/** Large bodies, with time that stands still but for what the test does. */
function largeBodies() {
  vi.useFakeTimers();
  let spentMs = 0;
  const large = new LargeBodies(
    new ReaderThread(readableLog().log),
    () => Date.now() + spentMs,
    () => spentMs,
  );
  function* stepsOf(caller: Caller): Generator<void, 'decided'> {
    try {
      for (let at = 0; at < caller.steps; at++) {
        spentMs += caller.stepMs;
        yield;
      }
      return 'decided';
    } finally {
      caller.ended++;
    }
  }
  return {
    caller: (of: Partial<Caller>): Caller => ({
      readMs: 0.5,
      steps: 0,
      stepMs: 0.25,
      chars: 20_000,
      done: 0,
      refused: 0,
      ended: 0,
      ...of,
    }),
    ask: (caller: Caller, count = 1) => {
      const { chars } = caller;
      const refuse = () => void caller.refused++;
      const work = () => {
        spentMs += caller.readMs;
        if (caller.steps === 0) caller.done++;
        else
          void large
            .run(stepsOf(caller), caller.steps, chars)
            .then((result) => (result ? caller.done++ : refuse()));
      };
      for (let at = 0; at < count; at++) large.take({ chars, mostMs: chars / 65_536, work, refuse });
    },
    /** Others are there all the while. */
    pass: async (ms: number) => {
      for (let at = 0; at < ms; at += 10) {
        large.seeOther();
        await vi.advanceTimersByTimeAsync(10);
      }
    },
    spentMs: () => spentMs,
    [Symbol.dispose]: () => vi.useRealTimers(),
  };
}

const LONG = 250_000;

describe('the pace of large bodies', () => {
  it.each([
    ['long ones', { chars: LONG, readMs: 10 }],
    ['those that take steps', { steps: 80 }],
  ])('alone, %s are answered as fast as they come', async (_what, costly) => {
    using bodies = largeBodies();
    const caller = bodies.caller(costly);
    bodies.ask(caller, 20);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(caller).toMatchObject({ done: 20, refused: 0 });
  });

  it('I10: beside others, what long ones take beyond a millisecond is a five-hundredth of the time', async () => {
    using bodies = largeBodies();
    const long = bodies.caller({ chars: LONG, readMs: 11 });
    await bodies.pass(20);
    for (let second = 0; second < 20; second++) {
      bodies.ask(long, 5);
      await bodies.pass(1_000);
    }
    // Of 10 ms each: half of one that was saved up, and four in 20 s at 2 ms a second.
    expect(long.done).toBeGreaterThanOrEqual(4);
    expect(long.done).toBeLessThanOrEqual(6);
  });

  it('I10: beside others, what takes steps beyond the first millisecond has a two-hundredth of the time', async () => {
    using bodies = largeBodies();
    const costly = bodies.caller({ steps: 12 });
    await bodies.pass(20);
    for (let second = 0; second < 20; second++) {
      bodies.ask(costly, 10);
      await bodies.pass(1_000);
    }
    // Of 3 ms each, 2 ms are left: 25 that were saved up, and five in two seconds.
    expect(costly.done).toBeGreaterThanOrEqual(60);
    expect(costly.done).toBeLessThanOrEqual(78);
  });

  it('I10: beside others, of steps that are long themselves what is beyond a millisecond is a thousandth of the time', async () => {
    using bodies = largeBodies();
    const costly = bodies.caller({ readMs: 0, chars: LONG, steps: 1_000, stepMs: 11 });
    await bodies.pass(20);
    for (let second = 0; second < 20; second++) {
      bodies.ask(costly, 5);
      await bodies.pass(1_000);
    }
    // Of 10 ms each: one at once, and two in 20 s at a millisecond a second.
    expect(bodies.spentMs() / 11).toBeGreaterThanOrEqual(2);
    expect(bodies.spentMs() / 11).toBeLessThanOrEqual(4);
  });

  it.each([
    ['long ones', { chars: LONG, readMs: 11 }],
    ['those that take many steps', { steps: 1_000 }],
  ])('I10: those that take a millisecond never wait for %s, whoever asks', async (_what, of) => {
    using bodies = largeBodies();
    const [costly, cheap] = [bodies.caller(of), bodies.caller({ readMs: 0.4, steps: 2 })];
    for (let round = 1; round <= 100; round++) {
      bodies.ask(costly, 5);
      bodies.ask(cheap, 5);
      await bodies.pass(20);
      expect(cheap).toMatchObject({ done: 5 * round, refused: 0 });
    }
    expect(costly.refused).toBeGreaterThan(100);
  });

  it('I10: the shorter one has its turn before longer ones that came earlier, also where those are as many as may wait', async () => {
    using bodies = largeBodies();
    const [costly, moderate] = [bodies.caller({ steps: 1_000 }), bodies.caller({ steps: 12 })];
    bodies.ask(costly, 40);
    await bodies.pass(20);
    bodies.ask(moderate);
    await bodies.pass(500);
    expect(costly).toMatchObject({ done: 0, refused: 9 });
    expect(moderate).toMatchObject({ done: 1, refused: 0 });
  });

  it('I10: a turn of the event loop has a millisecond for those that are read, and half of one for steps', async () => {
    using bodies = largeBodies();
    const [cheap, costly] = [bodies.caller({ readMs: 0.4 }), bodies.caller({ readMs: 0, steps: 1_000 })];
    bodies.ask(costly);
    vi.advanceTimersToNextTimer();
    await Promise.resolve();
    bodies.ask(cheap, 10);
    for (const done of [3, 6, 9, 10]) {
      const before = bodies.spentMs();
      vi.advanceTimersToNextTimer();
      expect(cheap.done).toBe(done);
      expect(bodies.spentMs() - before).toBeLessThan(1.2 + 0.6);
    }
  });

  it.each([
    ['long ones', { chars: LONG, readMs: 100 }],
    ['those that take many steps', { readMs: 0, steps: 100_000 }],
  ])('I10: of %s no more than 32 wait, and none longer than two seconds and a half', async (_what, of) => {
    using bodies = largeBodies();
    const caller = bodies.caller(of);
    await bodies.pass(20);
    bodies.ask(caller, 40);
    await bodies.pass(100);
    expect(caller.refused).toBeGreaterThanOrEqual(7);
    expect(caller.refused).toBeLessThanOrEqual(8);
    await bodies.pass(2_500);
    expect(caller.done + caller.refused).toBe(40);
    expect(caller.done).toBeLessThanOrEqual(1);
    if (caller.steps > 0) expect(caller.ended).toBe(40);
  });
});

/** A thread that takes so long for each, of whatever size. */
function threaded(tookMs: number) {
  vi.useFakeTimers();
  const thread = {
    isBusy: false,
    read: (_body: unknown, hear: (answer: FromThread | undefined) => void) => {
      expect(thread.isBusy).toBe(false);
      thread.isBusy = true;
      setTimeout(() => {
        thread.isBusy = false;
        const slim = Uint8Array.from(serialize({}));
        hear(thread.fails ? undefined : { ms: tookMs, read: { type: 'read', slim, mostMs: 0.1 } });
      }, tookMs);
    },
    fails: false,
  };
  const large = new LargeBodies(
    thread,
    () => Date.now(),
    () => 0,
  );
  const told = { done: 0, refused: 0, order: [] as number[] };
  const ask = (bytes: number, count = 1, isGone = () => false) => {
    for (let at = 0; at < count; at++) {
      large.read({
        form: 'http',
        parts: [],
        bytes,
        snapshot: undefined,
        isGone,
        answer: () => {
          told.done++;
          told.order.push(bytes);
        },
        unreadable: () => undefined,
        refuse: () => void told.refused++,
      });
    }
  };
  const pass = async (ms: number) => {
    for (let at = 0; at < ms; at += 10) {
      large.seeOther();
      await vi.advanceTimersByTimeAsync(10);
    }
  };
  return { thread, ask, pass, told, [Symbol.dispose]: () => vi.useRealTimers() };
}

describe('the thread that reads', () => {
  it('alone, has all the time that it takes', async () => {
    using bodies = threaded(4);
    bodies.ask(LONG, 30);
    await vi.advanceTimersByTimeAsync(200);
    expect(bodies.told).toMatchObject({ done: 30, refused: 0 });
  });

  it.each([
    ['by what they are said to take', 1],
    ['by what they took', 40],
  ])('I10: beside others, has a fifth of the time, %s', async (_what, tookMs) => {
    using bodies = threaded(tookMs);
    await bodies.pass(20);
    for (let half = 0; half < 20; half++) {
      bodies.ask(LONG, 30);
      await bodies.pass(500);
    }
    const share = (bodies.told.done * Math.max(tookMs, LONG / 65_536)) / 10_000;
    expect(share).toBeGreaterThan(0.17);
    expect(share).toBeLessThan(0.23);
  });

  it('I10: reads the shortest first, refuses the longest where more than 8 MB wait, and all after two seconds and a half', async () => {
    using bodies = threaded(100);
    await bodies.pass(20);
    bodies.ask(LONG, 40);
    bodies.ask(5_000);
    expect(bodies.told.refused).toBe(7);
    await bodies.pass(300);
    expect(bodies.told.order[0]).toBe(5_000);
    await bodies.pass(2_300);
    expect(bodies.told.done + bodies.told.refused).toBe(41);
    expect(bodies.told.done).toBeLessThan(8);
  });

  it('refuses the one at which it failed, and goes on', async () => {
    using bodies = threaded(1);
    bodies.thread.fails = true;
    bodies.ask(LONG);
    await vi.advanceTimersByTimeAsync(10);
    bodies.thread.fails = false;
    bodies.ask(LONG, 2);
    await vi.advanceTimersByTimeAsync(10);
    expect(bodies.told).toMatchObject({ done: 2, refused: 1 });
  });

  it('does not read for those who have gone', async () => {
    using bodies = threaded(1);
    bodies.ask(LONG, 3, () => true);
    bodies.ask(LONG);
    await vi.advanceTimersByTimeAsync(10);
    expect(bodies.told).toMatchObject({ done: 1, refused: 0 });
  });
});
