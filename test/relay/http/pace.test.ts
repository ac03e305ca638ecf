// The pace of faulty requests and of large bodies: others do not feel them, and nothing waits without bound.
import { describe, expect, it, vi } from 'vitest';
import { LargeBodies } from '../../../src/relay/http/large-bodies.ts';
import { RefusalPace } from '../../../src/relay/http/refusal-pace.ts';
import { snapshotOfBodies } from '../../support/snapshot.ts';
import { serve, until } from '../support.ts';
import { exchange } from './fuzz-client.ts';

describe('the pace of refusals', () => {
  it('the first are told at once, further ones in a while, and beyond a thousand at once again', () => {
    vi.useFakeTimers();
    try {
      const pace = new RefusalPace(3);
      let told = 0;
      for (let at = 0; at < 1_100; at++) pace.answer(() => told++);
      expect(told).toBe(3 + 97);
      vi.advanceTimersByTime(250);
      expect(told).toBe(1_100);
    } finally {
      vi.useRealTimers();
    }
  });

  it('I10: a held refusal takes no place in flight from others', async () => {
    await using server = await serve(snapshotOfBodies({ flags: { plain: {} } }), {
      maxInFlight: 1,
      refusalsAtOnce: 1,
    });
    const post = (type: string) =>
      `POST /v1/evaluate/plain HTTP/1.1\r\nHost: localhost\r\nContent-Type: ${type}\r\nContent-Length: 2\r\n\r\n{}`;
    const types = ['text/plain', 'text/plain', 'application/json'];
    const { port } = new URL(server.url);
    // In one packet: the second one is held when the third comes.
    const { answers } = await exchange(Number(port), Buffer.from(types.map(post).join('')), [
      'POST',
      'POST',
      'POST',
    ]);
    expect(answers.map(({ status }) => status)).toEqual([415, 415, 200]);
    expect(server.counters.requestsInFlight).toBe(0);
  });
});

/** Large bodies that each take so much of the processor's time. */
function lane(costMs: number) {
  vi.useFakeTimers();
  let spentMs = 0;
  let done = 0;
  let refused = 0;
  const large = new LargeBodies(Date.now, () => spentMs);
  const work = () => {
    done++;
    spentMs += costMs;
  };
  return {
    large,
    ask: (count: number) => {
      for (let at = 0; at < count; at++) large.take(work, () => refused++);
    },
    counts: () => ({ done, refused }),
    [Symbol.dispose]: () => vi.useRealTimers(),
  };
}

describe('the pace of large bodies', () => {
  it('alone they are read one after the other, as fast as they come', () => {
    using bodies = lane(10);
    bodies.ask(20);
    vi.advanceTimersByTime(25);
    expect(bodies.counts()).toEqual({ done: 20, refused: 0 });
  });

  it('beside small ones they take a two-hundredth of the time, after the first few', () => {
    using bodies = lane(10);
    let answered = 0;
    for (let second = 0; second < 20; second++) {
      bodies.ask(5);
      for (let at = 0; at < 100; at++) {
        bodies.large.seeOther();
        vi.advanceTimersByTime(10);
      }
      answered = bodies.counts().done;
    }
    // 20 s at 5 ms a second are ten of them; the first second's came before any small one, and two were saved up.
    expect(answered).toBeGreaterThanOrEqual(10);
    expect(answered).toBeLessThanOrEqual(18);
  });

  it('I10: no more than 32 wait, and none longer than two seconds and a half; the others are refused', () => {
    using bodies = lane(100);
    bodies.large.seeOther();
    bodies.ask(40);
    // The first one is read at once.
    expect(bodies.counts()).toEqual({ done: 1, refused: 7 });
    for (let at = 0; at < 250; at++) {
      bodies.large.seeOther();
      vi.advanceTimersByTime(10);
    }
    expect(bodies.counts()).toEqual({ done: 1, refused: 39 });
  });
});

it('I10: large bodies that are slow to come are bounded together; small ones go on', async () => {
  await using server = await serve(snapshotOfBodies({ flags: { plain: {} } }));
  const { connect } = await import('node:net');
  const head =
    'POST /v1/evaluate HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 262144\r\n\r\n{';
  const sockets = Array.from({ length: 70 }, () =>
    connect(
      Number(new URL(server.url).port),
      '127.0.0.1',
      function (this: { write: (text: string) => void }) {
        this.write(head);
      },
    ).on('error', () => undefined),
  );
  await until(() => server.counters.refusedRequests.get('too_many') === 6);
  expect(server.counters.requestsInFlight).toBe(64);
  expect((await server.post('/v1/evaluate/plain', {})).status).toBe(200);
  for (const socket of sockets) socket.destroy();
  await until(() => server.counters.requestsInFlight === 0);
});
