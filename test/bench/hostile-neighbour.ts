// The neighbour of the hostile bench: a bare server that is attacked in the relay's place, to tell what an attack takes of the machine.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const MOST_BODY_BYTES = 256 * 1024;
const TICK_MS = 5;
/** Who sends far more than is answered is cut off, as by the relay. */
const MOST_WAITING = 10_000;

/** What the relay has told the attacker, a second: who answers faster is attacked more. */
let perSecond = 0;
let due = 0;
const waiting: (() => void)[] = [];
setInterval(() => {
  due = Math.min(due + (perSecond * TICK_MS) / 1_000, Math.max(perSecond / 10, 1));
  for (; due >= 1 && waiting.length > 0; due--) waiting.shift()?.();
}, TICK_MS);

const server = createServer({ maxHeaderSize: 16 * 1024, requireHostHeader: false }, (request, response) => {
  response.on('error', () => undefined);
  if (waiting.length > MOST_WAITING) request.socket.destroy();
  if (Number(request.headers['content-length'] ?? 0) > MOST_BODY_BYTES) {
    waiting.push(() => void response.writeHead(413, { connection: 'close' }).end('{}'));
    return;
  }
  request.resume().on('end', () => waiting.push(() => void response.writeHead(200).end('{}')));
});
server.on('clientError', (_error, socket) => {
  socket.pause();
  waiting.push(() => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n', () => socket.destroy()));
});
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
process.on('message', (pace: number) => {
  perSecond = pace;
  waiting.length = 0;
});
process.on('disconnect', () => process.exit());
