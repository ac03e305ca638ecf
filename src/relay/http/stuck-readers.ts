// Closes connections whose client takes nothing of an answer. Node's `server.timeout` does it too, with timers that each
// packet of every request sets anew: a tenth of what a call costs.
import type { Server } from 'node:http';
import type { Socket } from 'node:net';

const LOOK_EVERY_MS = 15_000;
const STUCK_MS = 90_000;

/**
 * Gives a connection that has something to write when it is looked at Node's timeout, which ends with the answer and begins
 * anew whenever something is taken of it.
 * @returns what stops the looking
 */
export function closeStuckReaders(
  server: Server,
  { lookEveryMs = LOOK_EVERY_MS, stuckMs = STUCK_MS } = {},
): () => void {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  const looking = setInterval(() => {
    for (const socket of sockets) {
      if (socket.writableLength > 0 && !socket.timeout) socket.setTimeout(stuckMs);
    }
  }, lookEveryMs).unref();
  return () => clearInterval(looking);
}
