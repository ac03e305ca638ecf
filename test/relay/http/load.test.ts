// How much may be under way at once: requests, connections, and answers that nobody reads.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import { LargeBodies } from '../../../src/relay/large/bodies.ts';
import { snapshotOfBodies } from '../../support/snapshot.ts';
import { serve, type TestServer, until } from '../support.ts';

const snapshot = snapshotOfBodies({ flags: { plain: {} } });

function connectTo(server: TestServer): Socket {
  const { port } = new URL(server.url);
  return connect(Number(port), '127.0.0.1').on('error', () => undefined);
}

describe('too many requests', () => {
  it('I10: beyond the bound are answered 503 at once, and counted; when the slow ones are gone, all is well', async () => {
    await using server = await serve(snapshot, { maxInFlight: 3 });
    const slow = Array.from({ length: 3 }, () => connectTo(server));
    for (const socket of slow) {
      socket.write(
        'POST /v1/evaluate/plain HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{',
      );
    }
    await until(() => server.counters.requestsInFlight === 3);
    const refused = await server.post('/v1/evaluate/plain', {});
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
    expect(await refused.json()).toMatchObject({ errorCode: 'GENERAL' });
    expect(server.counters.refusedRequests.get('too_many')).toBe(1);
    // Who kills what does not say that it lives would only make it worse.
    expect((await server.get('/livez')).status).toBe(200);
    expect((await server.get('/metrics')).status).toBe(200);
    for (const socket of slow) socket.destroy();
    await until(() => server.counters.requestsInFlight === 0);
    expect((await server.post('/v1/evaluate/plain', {})).status).toBe(200);
  });

  it('I10: a large context that waits for its turn takes no place from others', async () => {
    const wait = vi.spyOn(LargeBodies.prototype, 'read').mockImplementation(() => undefined);
    await using server = await serve(snapshot, { maxInFlight: 1 });
    const socket = connectTo(server);
    const body = JSON.stringify({ context: { notes: 'x'.repeat(5_000) } });
    socket.write(
      `POST /v1/evaluate/plain HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    await until(() => wait.mock.calls.length === 1);
    wait.mockRestore();
    expect((await server.post('/v1/evaluate/plain', {})).status).toBe(200);
    socket.destroy();
  });

  it('I10: those whose large bodies wait for their turn free their places when their client has gone', async () => {
    const wait = vi.spyOn(LargeBodies.prototype, 'take').mockImplementation(() => undefined);
    await using server = await serve(snapshot, { maxInFlight: 2 });
    const socket = connectTo(server);
    const body = JSON.stringify({ context: { notes: 'x'.repeat(5_000) } });
    const request = `POST /v1/explain/plain HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    // The second one's answer would wait for the first one's.
    socket.write(request + request);
    await until(() => wait.mock.calls.length === 2);
    expect(server.counters.requestsInFlight).toBe(2);
    socket.resetAndDestroy();
    // At once, and not only when it would be their turn.
    await until(() => server.counters.requestsInFlight === 0);
    for (const [large] of wait.mock.calls) large.work();
    wait.mockRestore();
    expect(server.counters.requestsInFlight).toBe(0);
    expect((await server.post('/v1/evaluate/plain', {})).status).toBe(200);
  });

  it.each([
    ['is answered', 'Content-Length: 2\r\n\r\n{}'],
    ['is no JSON', 'Content-Length: 2\r\n\r\n{x'],
    ['is too large', 'Content-Length: 9999999\r\n\r\n{'],
    ['grows too large', `Transfer-Encoding: chunked\r\n\r\n50000\r\n${'x'.repeat(0x50000)}`],
    ['breaks off', 'Content-Length: 9\r\n\r\n{'],
    ['is no HTTP any more', 'Transfer-Encoding: chunked\r\n\r\nzz\r\n'],
    ['is empty', 'Content-Length: 0\r\n\r\n'],
  ])('one that %s frees its place', async (_how, rest) => {
    await using server = await serve(snapshot);
    const sockets = Array.from({ length: 3 }, () => connectTo(server));
    const head = 'POST /v1/evaluate/plain HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n';
    for (const socket of sockets) socket.resume().end(`${head}${rest}`);
    await Promise.all(sockets.map((socket) => once(socket, 'close')));
    await until(() => server.counters.requestsInFlight === 0);
  });
});

describe('a client that asks again and again, and reads no answer', () => {
  /** Its catalogue is 100 KB, and so is a value, so that what is not read does not fit into the system's buffers. */
  const text = 'x'.repeat(100_000);
  const large = snapshotOfBodies({
    flags: { plain: { description: text }, long: { type: 'string', variations: { on: text, off: '' } } },
  });
  const requests = 'GET /v1/flags HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(500);
  const json = 'Host: localhost\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}';
  const decisions = `POST /v1/evaluate/long HTTP/1.1\r\n${json}`.repeat(60);

  it.each([
    ['the catalogue', requests],
    ['a long value', decisions],
  ])('I10: takes no place from others, whether it asks for %s', async (_what, asked) => {
    await using server = await serve(large, { maxInFlight: 3 });
    const socket = connectTo(server).pause();
    socket.write(asked);
    await until(() => (server.counters.refusedRequests.get('unread') ?? 0) > 0);
    expect(server.counters.requestsInFlight).toBe(0);
    expect((await server.post('/v1/evaluate/plain', {})).status).toBe(200);
    socket.destroy();
  });

  it('one that reads them gets them', async () => {
    await using server = await serve(large, { maxInFlight: 3 });
    const socket = connectTo(server);
    let answers = 0;
    socket.on('data', (bytes) => {
      answers += bytes.toString('latin1').split('HTTP/1.1 200 OK').length - 1;
    });
    socket.write(requests.slice(0, requests.length / 100));
    await until(() => answers === 5);
    socket.destroy();
  });
});
