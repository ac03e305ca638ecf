// How much may be under way at once: requests that are being answered, and answers that their client does not read.
import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyRequest, onRequestHookHandler } from 'fastify';
import type { Counters, Refusal } from '../counters.ts';
import { RequestFault } from './errors.ts';

declare module 'fastify' {
  interface FastifyRequest {
    isInFlight: boolean;
  }
}

/** What may wait on one connection, of answers to requests that were sent without reading the answers before. */
const MOST_UNREAD_BYTES = 1024 * 1024;
/** Node itself bounds how many small ones wait. */
const SMALL_BYTES = 4 * 1024;

/**
 * A hook for the routes whose requests are bounded; one too many is answered 503 at once, so that those inside stay
 * fast. A request is in flight until its answer is handed to the connection: a client that reads slowly is nobody
 * else's concern.
 */
export function loadGuard(app: FastifyInstance, most: number, counters: Counters): onRequestHookHandler {
  const unread = new WeakMap<Socket, number>();
  const land = (request: FastifyRequest) => {
    if (!request.isInFlight) return;
    request.isInFlight = false;
    counters.requestsInFlight--;
  };
  const wait = (socket: Socket, bytes: number) => unread.set(socket, (unread.get(socket) ?? 0) + bytes);
  const refuse = (reason: Refusal, details: string): RequestFault => {
    counters.refusedRequests.add(reason);
    return new RequestFault(503, 'GENERAL', details, { 'retry-after': '1' });
  };
  app.decorateRequest('isInFlight', false);
  app.addHook('onSend', (request, reply, payload, done) => {
    land(request);
    const bytes = sizeOf(payload);
    if (bytes > SMALL_BYTES) {
      const { socket } = request.raw;
      wait(socket, bytes);
      reply.raw.once('close', () => wait(socket, -bytes));
    }
    done(null, payload);
  });
  return (request, reply, done) => {
    if (counters.requestsInFlight >= most)
      return done(refuse('too_many', 'Too many requests are in flight.'));
    if ((unread.get(request.raw.socket) ?? 0) > MOST_UNREAD_BYTES) {
      return done(refuse('unread', 'Too many answers wait on this connection. Read them first.'));
    }
    counters.requestsInFlight++;
    request.isInFlight = true;
    reply.raw.once('close', () => land(request));
    done();
  };
}

function sizeOf(payload: unknown): number {
  if (typeof payload === 'string') return payload.length;
  return payload instanceof Uint8Array ? payload.byteLength : 0;
}
