// Who may ask: the Host header against DNS rebinding, and the token.
import type { IncomingMessage } from 'node:http';
import type { FastifyRequest, onRequestHookHandler } from 'fastify';
import { hasTwoHosts, hostJudge, tokensOf } from '../../io/callers.ts';
import type { Counters } from '../counters.ts';
import { RequestFault } from './errors.ts';
import { OFREP_EVENTS } from './ofrep.ts';
import type { Tokens } from './tokens.ts';

/** Says what is wrong with the host that a request is for, if anything is. */
export type HostFault = (request: IncomingMessage) => RequestFault | undefined;

export function hostFaults(allowed: readonly string[]): HostFault {
  const isAllowed = hostJudge(allowed);
  return (request) => {
    const { host } = request.headers;
    if (host === undefined) return faultWithoutHost(request.httpVersion);
    if (hasTwoHosts(request)) return TWO_HOSTS;
    return isAllowed(host) ? undefined : NOT_ALLOWED;
  };
}

/** Refuses requests for a host that nobody named. */
export function hostGuard(faultOf: HostFault, counters: Counters): onRequestHookHandler {
  return (request, _reply, done) => {
    const fault = faultOf(request.raw);
    if (fault === NOT_ALLOWED) counters.refusedRequests.add('host');
    done(fault);
  };
}

const NOT_ALLOWED = new RequestFault(
  403,
  'GENERAL',
  'This Host header is not allowed. Start the relay with --allow-host NAME to allow it.',
);

const TWO_HOSTS = new RequestFault(400, 'GENERAL', 'The request has more than one Host header.');

/** HTTP/1.0 had no Host header; everything later must send one (RFC 9112 §3.2). */
function faultWithoutHost(httpVersion: string): RequestFault | undefined {
  if (httpVersion === '1.0') return undefined;
  return new RequestFault(400, 'GENERAL', 'The request lacks the Host header.');
}

/** Demands `Authorization: Bearer …` or `X-API-Key`. */
export function tokenGuard(tokens: Tokens, counters: Counters): onRequestHookHandler {
  return (request, _reply, done) => {
    const sent = tokensOf(request.headers);
    if (sent.some((token) => tokens.open(token)) || hasTicket(request, tokens)) return done();
    counters.refusedRequests.add('token');
    const details =
      sent.length > 0
        ? 'The token is not valid.'
        : 'Send a token, as Authorization: Bearer TOKEN or as X-API-Key: TOKEN.';
    done(new RequestFault(401, 'GENERAL', details, { 'www-authenticate': 'Bearer' }));
  };
}

function hasTicket({ url }: FastifyRequest, tokens: Tokens): boolean {
  if (!url.startsWith(`${OFREP_EVENTS}?`)) return false;
  const ticket = new URLSearchParams(url.slice(OFREP_EVENTS.length)).get('ticket');
  return ticket !== null && tokens.opensStream(ticket);
}
