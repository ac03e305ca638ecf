// A pool beside a server that says in one packet what a real one says in two, at moments that no test could wait for.
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, test } from 'vitest';
import { Pool } from '../../src/db/pool.ts';
import { UnreachableError } from '../../src/lib/errors.ts';

function message(type: string, body: string | Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(4 + Buffer.byteLength(body));
  return Buffer.concat([Buffer.from(type), length, Buffer.from(body)]);
}

const AUTHENTICATED = message('R', Buffer.alloc(4));
const READY = message('Z', 'I');
const TERMINATED = message('E', 'SFATAL\0VFATAL\0C57P01\0Mterminating connection\0\0');

test('a connection that is ended in the instant in which it is open fails its query, and nothing else', async () => {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end(Buffer.concat([AUTHENTICATED, READY, TERMINATED])));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  {
    await using pool = new Pool(`postgres://someone@127.0.0.1:${port}/postgres`);
    for (let attempt = 0; attempt < 3; attempt++)
      await expect(pool.query('select 1')).rejects.toBeInstanceOf(UnreachableError);
  }
  server.close();
});
