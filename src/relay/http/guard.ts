// Who may ask: the Host header against DNS rebinding, and the token.
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import type { FastifyRequest, onRequestHookHandler } from 'fastify';
import type { Counters } from '../counters.ts';
import { RequestFault } from './errors.ts';
import { OFREP_EVENTS } from './ofrep.ts';
import type { Tokens } from './tokens.ts';

/** Refuses requests for a host that nobody named. */
export function hostGuard(allowed: readonly string[], counters: Counters): onRequestHookHandler {
  const isAllowed = hostJudge(allowed);
  return (request, _reply, done) => {
    const { host } = request.headers;
    if (host === undefined) return done(faultWithoutHost(request.raw.httpVersion));
    if (hasTwoHosts(request.raw)) return done(TWO_HOSTS);
    if (isAllowed(host)) return done();
    counters.refusedRequests.add('host');
    const details = 'This Host header is not allowed. Start the relay with --allow-host NAME to allow it.';
    done(new RequestFault(403, 'GENERAL', details));
  };
}

/**
 * Tells whether a Host header is that of a host that somebody named. A page of another site can make its own name point
 * at this address, but it cannot change the Host header; addresses in figures cannot be made to point elsewhere, so they
 * are fine.
 */
export function hostJudge(allowed: readonly string[]): (host: string) => boolean {
  const names = new Set(['localhost', ...allowed.map((name) => name.toLowerCase())]);
  // Every request of an app brings the same few headers, so their judgement is remembered.
  const fine = new Set<string>();
  return (host) => {
    if (fine.has(host)) return true;
    const name = hostName(host);
    if (!names.has(name) && isIP(name) === 0) return false;
    if (fine.size < 100) fine.add(host);
    return true;
  };
}

const TWO_HOSTS = new RequestFault(400, 'GENERAL', 'The request has more than one Host header.');

/** Of two, Node gives the first; what is on the way may have looked at the other (RFC 9112 §3.2). */
export function hasTwoHosts({ rawHeaders }: Pick<IncomingMessage, 'rawHeaders'>): boolean {
  let hosts = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] as string;
    if (name.length === 4 && name.toLowerCase() === 'host') hosts++;
  }
  return hosts > 1;
}

/** HTTP/1.0 had no Host header; everything later must send one (RFC 9112 §3.2). */
function faultWithoutHost(httpVersion: string): RequestFault | undefined {
  if (httpVersion === '1.0') return undefined;
  return new RequestFault(400, 'GENERAL', 'The request lacks the Host header.');
}

function hostName(host: string): string {
  const bracketed = /^\[([^\]]*)\](?::\d*)?$/.exec(host);
  return (bracketed?.[1] ?? host.replace(/:\d*$/, '')).toLowerCase();
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

/** The tokens that a request brings. Both may be there: a proxy on the way may have an `Authorization` of its own. */
export function tokensOf(headers: IncomingHttpHeaders): string[] {
  const bearer = /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1];
  return [bearer, headers['x-api-key']].filter((token) => typeof token === 'string');
}
