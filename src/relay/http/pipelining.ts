// Bounds how many requests one connection sends ahead of its answers: they come in one packet, and would all be answered before anyone else.
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { Counters } from '../counters.ts';
import { RequestFault } from './errors.ts';

/** Clients that pipeline at all keep to a few. */
const MOST_AHEAD = 64;
/** How long the refusal waits, so that who comes back at once with as many more is slow. */
const HELD_MS = 1_000;

/** Answers 503 to the first request too many, reads no further one, and closes the connection. */
export function boundPipelining(app: FastifyInstance, counters: Counters): void {
  const ahead = new WeakMap<Socket, number>();
  const add = (socket: Socket, more: number) => ahead.set(socket, (ahead.get(socket) ?? 0) + more);
  app.addHook('onRequest', (request, reply, done) => {
    // Only the answer whose turn it is has the socket.
    if (reply.raw.socket !== null) return done();
    const { socket } = request;
    add(socket, 1);
    reply.raw.once('close', () => add(socket, -1));
    if ((ahead.get(socket) ?? 0) <= MOST_AHEAD) return done();
    stopReading(socket);
    counters.refusedRequests.add('pipelined');
    const details = `More than ${MOST_AHEAD} requests were sent ahead of their answers.`;
    const fault = new RequestFault(503, 'GENERAL', details, { 'retry-after': '1', connection: 'close' });
    setTimeout(done, HELD_MS, fault).unref();
  });
}

/** Pausing the socket alone leaves the parser with the rest of the packet. */
function stopReading(socket: Socket & { parser?: { pause?: () => void } }): void {
  socket.pause();
  socket.parser?.pause?.();
}
