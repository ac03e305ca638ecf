// The pace of faulty requests and of large bodies: others do not feel them, and nothing waits without bound.
import { Socket } from 'node:net';
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
    await using server = await serve(snapshot, { maxInFlight: 1, refusalsAtOnce: 1 });
    const port = Number(new URL(server.url).port);
    const tooLarge = Buffer.from(post('application/json', 999_999));
    await exchange(port, tooLarge, ['POST']);
    const held = exchange(port, tooLarge, ['POST']);
    expect((await server.post('/v1/evaluate/plain', {})).status).toBe(200);
    expect((await held).answers.map(({ status }) => status)).toEqual([413]);
    expect(server.counters.requestsInFlight).toBe(0);
  });

  it('a faulty request that came whole is no reason to close the connection, and has no pace', async () => {
    await using server = await serve(snapshot, { refusalsAtOnce: 1 });
    const faulty = ['{"a":', '[', `${'['.repeat(100)}`, `"${'x'.repeat(70_000)}`];
    const requests = faulty.map((body) => post('application/json', body.length, body));
    const bytes = Buffer.from([...requests, post('text/plain', 2), post('application/json', 2)].join(''));
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    try {
      const { answers } = await exchange(
        Number(new URL(server.url).port),
        bytes,
        Array.from({ length: 6 }, () => 'POST'),
      );
      expect(answers.map(({ status }) => status)).toEqual([400, 400, 400, 400, 415, 200]);
    } finally {
      vi.useRealTimers();
    }
  });
});

const snapshot = snapshotOfBodies({ flags: { plain: {} } });

function post(type: string, length: number, body = '{}'): string {
  return `POST /v1/evaluate/plain HTTP/1.1\r\nHost: localhost\r\nContent-Type: ${type}\r\nContent-Length: ${length}\r\n\r\n${body}`;
}

/** A connection whose large bodies each take so much of the processor's time. */
interface Caller {
  socket: Socket;
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
    caller: (costMs: number): Caller => ({ socket: new Socket(), costMs, done: 0, refused: 0 }),
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
    bodies.pass(20);
    let answered = 0;
    for (let second = 0; second < 20; second++) {
      bodies.ask(costly, 5);
      bodies.pass(1_000);
      answered = costly.done;
    }
    // 20 s at 5 ms a second are ten of them, and two or three were saved up.
    expect(answered).toBeGreaterThanOrEqual(10);
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
    const caller = bodies.caller(0.5);
    bodies.ask(caller, 1);
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
    bodies.ask(costly, 1);
    bodies.pass(20);
    bodies.ask(costly, 40);
    expect(costly).toMatchObject({ done: 1, refused: 8 });
    bodies.pass(2_500);
    expect(costly).toMatchObject({ done: 1, refused: 40 });
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
  for (const text of ['', 'x'.repeat(10_000)])
    expect((await server.post('/v1/evaluate/plain', { context: { text } })).status).toBe(200);
  for (const socket of sockets) socket.destroy();
  await until(() => server.counters.requestsInFlight === 0);
});
