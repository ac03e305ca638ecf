// The pace of refusals that close connections, and the bounds of large bodies that are slow to come: others do not feel them.
import { describe, expect, it, vi } from 'vitest';
import { RefusalPace } from '../../../src/relay/http/refusal-pace.ts';
import { snapshotOfBodies } from '../../support/snapshot.ts';
import { serve, until } from '../support.ts';
import { exchange } from './fuzz-client.ts';

describe('the pace of refusals', () => {
  it('the first are told at once, further ones one after the other, and beyond a thousand at once again', () => {
    vi.useFakeTimers();
    try {
      const pace = RefusalPace.ofClosing(4);
      let told = 0;
      for (let at = 0; at < 1_100; at++) pace.answer(() => told++);
      expect(told).toBe(4 + 96);
      for (const seconds of [1, 2, 3]) {
        vi.advanceTimersByTime(1_000);
        expect(told).toBe(100 + 4 * seconds);
      }
      vi.advanceTimersByTime(247_000);
      expect(told).toBe(1_100);
      vi.advanceTimersByTime(1_000);
      for (let at = 0; at < 5; at++) pace.answer(() => told++);
      expect(told).toBe(1_104);
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

  it('a faulty request that came whole is no reason to close the connection, and is refused at once', async () => {
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
