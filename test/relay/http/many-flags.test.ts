// Callers who ask for many flags take turns, so that one who asks for a single flag does not wait for all of them.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { snapshotOfBodies } from '../../support/snapshot.ts';
import { serve, type TestServer, until } from '../support.ts';

const CALLERS = 20;
const snapshot = snapshotOfBodies({
  flags: Object.fromEntries(Array.from({ length: 150 }, (_, at) => [`flag-${at}`, {}])),
});

function post(path: string, body: object): string {
  const json = JSON.stringify(body);
  return `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${json.length}\r\n\r\n${json}`;
}

const one = post('/v1/evaluate/flag-1', { context: {} });
const every = post('/ofrep/v1/evaluate/flags', { context: {} });
const flags = Array.from({ length: 150 }, (_, at) => `flag-${at}`);

/** Connections over which an answer has come already, so that nothing but requests is to be read. */
async function open(server: TestServer, count: number): Promise<Socket[]> {
  const { port } = new URL(server.url);
  const sockets = Array.from({ length: count }, () =>
    connect({ port: Number(port), host: '127.0.0.1', allowHalfOpen: true }),
  );
  for (const socket of sockets) {
    socket.write(one);
    await once(socket, 'data');
  }
  return sockets;
}

test.each([
  ['all', every],
  ['many', post('/v1/evaluate', { context: {}, flags })],
])('one flag is answered before those who asked for %s earlier are', async (_which, request) => {
  await using server = await serve(snapshot);
  const sockets = await open(server, CALLERS + 1);
  const last = sockets.pop() as Socket;
  const answered: string[] = [];
  for (const socket of sockets) socket.once('data', () => answered.push('many'));
  last.once('data', () => answered.push('one'));
  for (const socket of sockets) socket.write(request);
  last.write(one);
  await until(() => answered.length === CALLERS + 1);
  expect(answered.indexOf('one')).toBeLessThan(CALLERS / 2);
  for (const socket of [...sockets, last]) socket.destroy();
});

test('who waits for its turn and asks no more is answered, and who has gone is not waited for', async () => {
  await using server = await serve(snapshot);
  const sockets = await open(server, CALLERS);
  for (const [at, socket] of sockets.entries()) {
    if (at % 2 === 0) socket.end(every);
    else socket.write(every, () => socket.resetAndDestroy());
  }
  const staying = sockets.filter((_, at) => at % 2 === 0);
  for (const answer of await Promise.all(staying.map(text))) {
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(answer).toContain('"flag-149"');
  }
  await until(() => server.counters.requestsInFlight === 0);
});

test('what fails in a turn of its own is answered as any other fault', async () => {
  await using server = await serve(snapshot);
  const { served } = server.store;
  if (!served) throw new Error('nothing is served');
  served.answers.giveEvery = () => {
    throw new Error('broken on purpose');
  };
  const sockets = await open(server, CALLERS);
  const answers = sockets.map((socket) => once(socket, 'data'));
  for (const socket of sockets) socket.write(every);
  for (const [answer] of await Promise.all(answers)) expect(String(answer)).toMatch(/^HTTP\/1\.1 500 /);
  for (const socket of sockets) socket.destroy();
});
