// What a request says of its caller: the host that it means, and its tokens.
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

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

/** Of two, Node gives the first; what is on the way may have looked at the other (RFC 9112 §3.2). */
export function hasTwoHosts({ rawHeaders }: Pick<IncomingMessage, 'rawHeaders'>): boolean {
  let hosts = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] as string;
    if (name.length === 4 && name.toLowerCase() === 'host') hosts++;
  }
  return hosts > 1;
}

/** The tokens that a request brings. Both may be there: a proxy on the way may have an `Authorization` of its own. */
export function tokensOf(headers: IncomingHttpHeaders): string[] {
  const bearer = /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1];
  return [bearer, headers['x-api-key']].filter((token) => typeof token === 'string');
}

function hostName(host: string): string {
  const bracketed = /^\[([^\]]*)\](?::\d*)?$/.exec(host);
  return (bracketed?.[1] ?? host.replace(/:\d*$/, '')).toLowerCase();
}
