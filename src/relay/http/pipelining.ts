// Bounds how many requests one connection sends ahead of its answers: they come in one packet, and would all be answered before anyone else.
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { Counters } from '../counters.ts';
import { RequestFault } from './errors.ts';

/** Clients that pipeline at all keep to a few. */
const MOST_AHEAD = 64;
/** How long the refusal waits: what has come in the packet has been taken apart by then, and who sends such ones should be slow. */
const HELD_MS = 10_000;

/** Answers 503 to the first request too many, no further one, and closes the connection; nothing more is read from it. */
export function boundPipelining(app: FastifyInstance, counters: Counters): void {
  const ahead = new WeakMap<Socket, number>();
  const details = `More than ${MOST_AHEAD} requests were sent ahead of their answers.`;
  const fault = new RequestFault(503, 'GENERAL', details, { 'retry-after': '1', connection: 'close' });
  app.addHook('onRequest', (request, reply, done) => {
    // Only the answer whose turn it is has the socket.
    if (reply.raw.socket !== null) return done();
    const { socket } = request;
    const count = (ahead.get(socket) ?? 0) + 1;
    ahead.set(socket, count);
    if (count > MOST_AHEAD + 1) return;
    reply.raw.once('close', () => ahead.set(socket, (ahead.get(socket) ?? 0) - 1));
    if (count <= MOST_AHEAD) return done();
    socket.pause();
    counters.refusedRequests.add('pipelined');
    setTimeout(done, HELD_MS, fault).unref();
  });
}
