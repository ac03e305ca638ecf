// A thousand connections that say nothing, or begin and never end: nobody else feels them, and they are closed in time.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { snapshotOfBodies } from '../../support/snapshot.ts';
import { within } from '../../support/until.ts';
import { serve } from '../support.ts';

const IDLE = 900;
/** Each as often: a part of a header, and a header without its body. */
const HALVES = [
  'POST /v1/evaluate/plain HTTP/1.1\r\nHost: loc',
  'POST /v1/evaluate/plain HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 14\r\n\r\n{"con',
];
const HALF_OPEN = 100;
const CLOSED_DEADLINE_MS = 60_000;

test('1,000 idle and half-open connections cost callers nothing, and are closed', async () => {
  await using server = await serve(snapshotOfBodies({ flags: { plain: {} } }));
  const { hostname, port } = new URL(server.url);
  const open = async (sent: string) => {
    const socket = connect(Number(port), hostname);
    const said: string[] = [];
    socket.on('data', (chunk) => void said.push(String(chunk))).on('error', () => {});
    const closed = new Promise((resolve) => socket.once('close', resolve));
    await once(socket, 'connect');
    if (sent !== '') socket.write(sent);
    return { socket, said, closed, isHalf: sent !== '' };
  };
  const connections: { socket: Socket; said: string[]; closed: Promise<unknown>; isHalf: boolean }[] = [];
  try {
    for (let at = 0; at < IDLE + HALF_OPEN; at++) {
      connections.push(await open(at < IDLE ? '' : (HALVES[at % HALVES.length] as string)));
    }
    let isOver = false;
    const asking = (async () => {
      let answered = 0;
      for (; !isOver; answered++) {
        expect((await server.post('/v1/evaluate/plain', { context: {} })).status).toBe(200);
        await sleep(5);
      }
      return answered;
    })();
    await within(CLOSED_DEADLINE_MS, Promise.all(connections.map(({ closed }) => closed)));
    isOver = true;
    expect(await asking).toBeGreaterThan(100);
    for (const { said, isHalf } of connections) {
      expect(said.join('')).toMatch(isHalf ? /^HTTP\/1\.1 408 Request Timeout\r\n/ : /^$/);
    }
  } finally {
    for (const { socket } of connections) socket.destroy();
  }
});
