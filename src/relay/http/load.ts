// How much may be asked: requests that are being received at once, answers that their client does not read, calls a second.
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyRequest, onRequestHookHandler } from 'fastify';
import type { Counters, Refusal } from '../counters.ts';
import type { RateLimit } from '../rate-limit.ts';
import { BODY_LIMIT_BYTES } from './body-parts.ts';
import { RequestFault } from './errors.ts';

/** What may wait on one connection, of answers to requests that were sent without reading the answers before. */
const MOST_UNREAD_BYTES = 1024 * 1024;
/** Node itself bounds how many small ones wait. */
const SMALL_BYTES = 4 * 1024;
/** As many of what is shorter as there may be in flight take no more than large ones may. */
const LARGE_BYTES = 16 * 1024;
/** What all large bodies may have together that are under way: a slow one is kept as far as it has come. */
const MOST_LARGE_BYTES = 16 * 1024 * 1024;

const unreadBytes = new WeakMap<Socket, number>();

/** Called for each answer, since a client may ask again and again and read none. */
export function waitsToBeRead(socket: Socket, response: ServerResponse, bytes: number): void {
  if (bytes <= SMALL_BYTES) return;
  const add = (more: number) => unreadBytes.set(socket, (unreadBytes.get(socket) ?? 0) + more);
  add(bytes);
  response.once('close', () => add(-bytes));
}

/** Whether a client reads too few of its answers. */
function isBehind(socket: Socket): boolean {
  return (unreadBytes.get(socket) ?? 0) > MOST_UNREAD_BYTES;
}

/**
 * Bounds the requests in flight; one too many is answered 503 at once, so that those inside stay fast. A request is in
 * flight until it has arrived: it is answered in the same instant, and how slowly a client reads is nobody else's concern.
 */
export class Load {
  readonly #most: number;
  readonly #counters: Counters;
  #largeBytes = 0;

  constructor(most: number, counters: Counters) {
    this.#most = most;
    this.#counters = counters;
  }

  /** Takes a small request in, or says that it is to be refused. The caller calls `end` when it has arrived. */
  begin(socket: Socket): boolean {
    if (!this.#hasRoom || isBehind(socket)) return false;
    this.#counters.requestsInFlight++;
    return true;
  }

  end(): void {
    this.#counters.requestsInFlight--;
  }

  get #hasRoom(): boolean {
    return this.#counters.requestsInFlight < this.#most;
  }

  /** A hook for the routes whose requests are bounded. */
  readonly take: onRequestHookHandler = (request, _reply, done) => {
    if (isBehind(request.socket)) {
      return done(this.#refuse('unread', 'Too many answers wait on this connection. Read them first.'));
    }
    // Without a body, it is here already.
    if (request.method !== 'POST') return done();
    if (!this.#hasRoom) {
      return done(this.#refuse('too_many', 'Too many requests are in flight.'));
    }
    const bytes = largeBytesOf(request);
    if (this.#largeBytes + bytes > MOST_LARGE_BYTES) {
      return done(this.#refuse('too_many', 'Too many large requests are in flight.'));
    }
    this.#largeBytes += bytes;
    this.#counters.requestsInFlight++;
    const land = () => {
      if (request.land === undefined) return;
      request.land = undefined;
      this.#largeBytes -= bytes;
      this.#counters.requestsInFlight--;
    };
    request.land = land;
    done();
  };

  /** Called when a request has arrived. */
  land(request: FastifyRequest): void {
    request.land?.();
  }

  #refuse(reason: Refusal, details: string): RequestFault {
    this.#counters.refusedRequests.add(reason);
    return new RequestFault(503, 'GENERAL', details, { 'retry-after': '1' });
  }
}

/** How long a body will be at most; 0 for a small one. */
function largeBytesOf({ headers }: FastifyRequest): number {
  const length = headers['content-length'];
  const bytes = length === undefined ? BODY_LIMIT_BYTES : Number(length);
  return bytes > LARGE_BYTES && bytes <= BODY_LIMIT_BYTES ? bytes : 0;
}

/** A hook that answers 429 to what is beyond the limit, before its body is read. OFREP's clients wait for as long as it says. */
export function rateGuard(limit: RateLimit, counters: Counters): onRequestHookHandler {
  return (_request, _reply, done) => {
    const seconds = limit.take();
    if (seconds === 0) return done();
    counters.refusedRequests.add('rate');
    const details = 'More evaluate calls came than --rate-limit allows.';
    done(new RequestFault(429, 'GENERAL', details, { 'retry-after': String(seconds) }));
  };
}
