// How much may be under way at once: requests that are being received, and answers that their client does not read.
import type { Socket } from 'node:net';
import type { FastifyReply, onRequestHookHandler } from 'fastify';
import type { Counters, Refusal } from '../counters.ts';
import { RequestFault } from './errors.ts';

/** What may wait on one connection, of answers to requests that were sent without reading the answers before. */
const MOST_UNREAD_BYTES = 1024 * 1024;
/** Node itself bounds how many small ones wait. */
const SMALL_BYTES = 4 * 1024;

const unreadBytes = new WeakMap<Socket, number>();

/** Called for each answer, since a client may ask again and again and read none. */
export function waitsToBeRead(reply: FastifyReply, bytes: number): void {
  if (bytes <= SMALL_BYTES) return;
  const { socket } = reply.request;
  const add = (more: number) => unreadBytes.set(socket, (unreadBytes.get(socket) ?? 0) + more);
  add(bytes);
  reply.raw.once('close', () => add(-bytes));
}

/**
 * Bounds the requests in flight; one too many is answered 503 at once, so that those inside stay fast. A request is in
 * flight until it has arrived: it is answered in the same instant, and how slowly a client reads is nobody else's concern.
 */
export function loadGuard(most: number, counters: Counters): onRequestHookHandler {
  const landed = () => {
    counters.requestsInFlight--;
  };
  const refuse = (reason: Refusal, details: string): RequestFault => {
    counters.refusedRequests.add(reason);
    return new RequestFault(503, 'GENERAL', details, { 'retry-after': '1' });
  };
  return (request, _reply, done) => {
    if ((unreadBytes.get(request.socket) ?? 0) > MOST_UNREAD_BYTES) {
      return done(refuse('unread', 'Too many answers wait on this connection. Read them first.'));
    }
    // Without a body, it is here already.
    if (request.method !== 'POST') return done();
    if (counters.requestsInFlight >= most)
      return done(refuse('too_many', 'Too many requests are in flight.'));
    counters.requestsInFlight++;
    request.raw.on('close', landed);
    done();
  };
}
