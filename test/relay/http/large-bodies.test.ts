// The pace of large bodies: those that are cheap never wait, and those that are costly have a small part of the time.
import { describe, expect, it, vi } from 'vitest';
import { LargeBodies } from '../../../src/relay/http/large-bodies.ts';

/** A connection whose large bodies each take so much of the processor's time. */
interface Caller {
  socket: object;
  costMs: number;
  done: number;
  refused: number;
}

/** The lane of large bodies, with time that stands still but for what the test does. */
function lane() {
  vi.useFakeTimers();
  let spentMs = 0;
  const large = new LargeBodies(Date.now, () => spentMs);
  return {
    caller: (costMs: number): Caller => ({ socket: {}, costMs, done: 0, refused: 0 }),
    ask: (caller: Caller, count: number, chars = 20_000) => {
      const work = () => {
        caller.done++;
        spentMs += caller.costMs;
      };
      const refuse = () => caller.refused++;
      for (let at = 0; at < count; at++) large.take({ socket: caller.socket, chars, work, refuse });
    },
    /** Others are there all the while. */
    pass: (ms: number) => {
      for (let at = 0; at < ms; at += 10) {
        large.seeOther();
        vi.advanceTimersByTime(10);
      }
    },
    [Symbol.dispose]: () => vi.useRealTimers(),
  };
}

describe('the pace of large bodies', () => {
  it('alone, costly ones are read one after the other, as fast as they come', () => {
    using bodies = lane();
    const costly = bodies.caller(10);
    bodies.ask(costly, 20);
    vi.advanceTimersByTime(25);
    expect(costly).toMatchObject({ done: 20, refused: 0 });
  });

  it('I10: beside others, what they take beyond a millisecond is a two-hundredth of the time', () => {
    using bodies = lane();
    const costly = bodies.caller(11);
    bodies.ask(costly, 1);
    bodies.pass(20);
    let answered = 0;
    for (let second = 0; second < 20; second++) {
      bodies.ask(costly, 5);
      bodies.pass(1_000);
      answered = costly.done;
    }
    // The first one, two that were saved up, and ten in 20 s at 5 ms a second.
    expect(answered).toBeGreaterThanOrEqual(12);
    expect(answered).toBeLessThanOrEqual(14);
  });

  it.each([
    ['take long', 11, 20_000],
    ['are long', 0.5, 250_000],
  ])('I10: those that take a millisecond never wait behind those that %s', (_what, costMs, chars) => {
    using bodies = lane();
    const [costly, cheap] = [bodies.caller(costMs), bodies.caller(0.9)];
    bodies.ask(cheap, 1);
    bodies.pass(20);
    for (let round = 0; round < 200; round++) {
      bodies.ask(costly, 5, chars);
      bodies.ask(cheap, 5);
      bodies.pass(20);
    }
    expect(cheap).toMatchObject({ done: 1_001, refused: 0 });
    expect(costly.refused).toBeGreaterThan(800);
  });

  it('I10: connections that are new find a way past those that are costly', () => {
    using bodies = lane();
    const costly = Array.from({ length: 4 }, () => bodies.caller(50));
    const ask = () => {
      for (const caller of costly) bodies.ask(caller, 10);
      bodies.pass(20);
    };
    for (const caller of costly) {
      // Each has its time to be found costly.
      bodies.ask(caller, 1);
      bodies.pass(12_000);
    }
    for (let round = 0; round < 50; round++) ask();
    for (let round = 0; round < 50; round++) {
      ask();
      const fresh = bodies.caller(0.5);
      bodies.ask(fresh, 1);
      bodies.pass(20);
      expect(fresh).toMatchObject({ done: 1, refused: 0 });
    }
  });

  it('I10: a turn of the event loop has a millisecond for them, and others come in between', () => {
    using bodies = lane();
    const cheap = bodies.caller(0.4);
    bodies.ask(cheap, 1);
    bodies.pass(20);
    bodies.ask(cheap, 10);
    const turns = [4, 7, 10, 11];
    for (const done of turns) {
      vi.advanceTimersToNextTimer();
      expect(cheap.done).toBe(done);
    }
  });

  it('a single one that takes long, as a pause may make it, is held against nobody', () => {
    using bodies = lane();
    const [caller, costly] = [bodies.caller(0.5), bodies.caller(200)];
    bodies.ask(caller, 1);
    bodies.pass(20);
    // From here on, there is no time for costly ones.
    bodies.ask(costly, 2);
    bodies.pass(20);
    bodies.ask(costly, 1);
    bodies.pass(20);
    for (let round = 0; round < 50; round++) {
      caller.costMs = round % 2 ? 0.5 : 50;
      bodies.ask(caller, 1);
      bodies.pass(20);
      expect(caller.done).toBe(round + 2);
    }
  });

  it('I10: no more than 32 wait, and none longer than two seconds and a half; the others are refused', () => {
    using bodies = lane();
    const costly = bodies.caller(100);
    // The first of a connection, then one for which time was saved up.
    for (const done of [1, 2]) {
      bodies.ask(costly, 1);
      bodies.pass(20);
      expect(costly.done).toBe(done);
    }
    bodies.ask(costly, 40);
    expect(costly).toMatchObject({ done: 2, refused: 8 });
    bodies.pass(2_500);
    expect(costly).toMatchObject({ done: 2, refused: 40 });
  });
});
