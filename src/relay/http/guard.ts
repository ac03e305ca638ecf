// Who may ask: the Host header against DNS rebinding, the token, and a bound on requests in flight.
import { isIP } from 'node:net';
import type { FastifyReply, FastifyRequest, onRequestHookHandler } from 'fastify';
import type { Counters } from '../counters.ts';
import { RequestFault } from './errors.ts';
import { OFREP_EVENTS } from './ofrep.ts';
import type { Tokens } from './tokens.ts';

/**
 * Refuses requests for a host that nobody named. A page of another site can make its own name point at this address,
 * but it cannot change the Host header; addresses in figures cannot be made to point elsewhere, so they are fine.
 */
export function hostGuard(allowed: readonly string[], counters: Counters): onRequestHookHandler {
  const names = new Set(['localhost', ...allowed.map((name) => name.toLowerCase())]);
  // Every request of an app brings the same few headers, so their judgement is remembered.
  const fine = new Set<string | undefined>([undefined]);
  return (request, _reply, done) => {
    const { host } = request.headers;
    if (fine.has(host)) return done();
    const name = hostName(host as string);
    if (!names.has(name) && isIP(name) === 0) {
      counters.refusedRequests.add('host');
      const details = 'This Host header is not allowed. Start the relay with --allow-host NAME to allow it.';
      return done(new RequestFault(403, 'GENERAL', details));
    }
    if (fine.size < 100) fine.add(host);
    done();
  };
}

function hostName(host: string): string {
  const bracketed = /^\[([^\]]*)\](?::\d*)?$/.exec(host);
  return (bracketed?.[1] ?? host.replace(/:\d*$/, '')).toLowerCase();
}

/** Demands `Authorization: Bearer …` or `X-API-Key`. */
export function tokenGuard(tokens: Tokens, counters: Counters): onRequestHookHandler {
  return (request, reply, done) => {
    const token = tokenOf(request);
    if (token !== undefined && tokens.open(token)) return done();
    if (hasTicket(request, tokens)) return done();
    counters.refusedRequests.add('token');
    reply.header('www-authenticate', 'Bearer');
    const details = 'Send a token, as Authorization: Bearer TOKEN or as X-API-Key: TOKEN.';
    done(new RequestFault(401, 'GENERAL', token === undefined ? details : 'The token is not valid.'));
  };
}

function hasTicket({ url }: FastifyRequest, tokens: Tokens): boolean {
  if (!url.startsWith(`${OFREP_EVENTS}?`)) return false;
  const ticket = new URLSearchParams(url.slice(OFREP_EVENTS.length)).get('ticket');
  return ticket !== null && tokens.opensStream(ticket);
}

function tokenOf({ headers }: FastifyRequest): string | undefined {
  const bearer = /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1];
  const key = headers['x-api-key'];
  return bearer ?? (typeof key === 'string' ? key : undefined);
}

/** Bounds the requests in flight; one too many is answered 503 at once, so that those inside stay fast. */
export function flightGuard(most: number, counters: Counters): onRequestHookHandler {
  const landed = () => {
    counters.requestsInFlight--;
  };
  return (_request, reply: FastifyReply, done) => {
    if (counters.requestsInFlight >= most) {
      counters.refusedRequests.add('too_many');
      reply.header('retry-after', '1');
      return done(new RequestFault(503, 'GENERAL', 'Too many requests are in flight.'));
    }
    counters.requestsInFlight++;
    reply.raw.once('close', landed);
    done();
  };
}
