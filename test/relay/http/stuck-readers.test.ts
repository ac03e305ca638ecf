// Who takes nothing of an answer loses the connection; who takes it slowly does not.
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { closeStuckReaders } from '../../../src/relay/http/stuck-readers.ts';
import { until } from '../../support/until.ts';
import { serve } from '../support.ts';

/** More than the system takes by itself. */
const LONG = Buffer.alloc(32 * 1024 * 1024, 'x');
const STUCK_MS = 2_000;

let server: Server;
let open: Set<Socket>;
let stopLooking: () => void;

beforeEach(async () => {
  open = new Set();
  server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    response.end(request.url === '/long' ? LONG : 'short');
  });
  stopLooking = closeStuckReaders(server, { lookEveryMs: 20, stuckMs: STUCK_MS });
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
});

afterEach(async () => {
  stopLooking();
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
});

async function asked(path: string): Promise<Socket> {
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  client.on('error', () => {});
  await once(client, 'connect');
  client.write(`GET ${path} HTTP/1.1\r\nhost: a\r\n\r\n`);
  return client;
}

test('a client that takes nothing more of an answer loses its connection', async () => {
  const client = await asked('/long');
  await once(client, 'readable');
  await until(() => open.size === 0);
  client.destroy();
});

test('a client that takes an answer slowly gets all of it, and keeps its connection however long it asks nothing then', async () => {
  const client = await asked('/long');
  let bytes = 0;
  // Longer in all than a client may be stuck.
  for (let pauses = 1; pauses <= 16; pauses++) {
    while (bytes < (LONG.length * pauses) / 16) bytes += (await partOf(client)).length;
    await sleep(STUCK_MS / 10);
  }
  await sleep(STUCK_MS * 1.5);
  expect(open.size).toBe(1);
  client.on('data', () => {}).write('GET /short HTTP/1.1\r\nhost: a\r\n\r\n');
  await once(client, 'data');
  client.destroy();
});

test('a relay looks for them', async () => {
  const started = vi.spyOn(globalThis, 'setInterval');
  await using relay = await serve(undefined);
  const looks = started.mock.calls.flatMap(([look, everyMs]) => (everyMs === 15_000 ? [look] : []));
  started.mockRestore();
  const came = once(relay.app.server, 'connection');
  const client = connect(Number(new URL(relay.url).port), '127.0.0.1');
  const [socket] = (await came) as [Socket];
  socket.write(LONG);
  for (const look of looks) look();
  expect(socket.timeout).toBe(90_000);
  client.destroy();
});

async function partOf(client: Socket): Promise<Buffer> {
  for (;;) {
    const part = client.read() as Buffer | null;
    if (part) return part;
    await once(client, 'readable');
  }
}
