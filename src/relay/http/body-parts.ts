// Collects a request's body in the parts in which it comes: joined here, a large one would be garbage for this thread twice.
import type { IncomingMessage } from 'node:http';
import { RequestFault } from './errors.ts';

export const BODY_LIMIT_BYTES = 256 * 1024;

const TOO_LARGE = new RequestFault(413, 'GENERAL', 'The request body is too large. At most 256 KB are read.');
const CUT_OFF = new RequestFault(400, 'PARSE_ERROR', 'The request body did not come whole.');

export interface Parts {
  all: readonly Buffer[];
  bytes: number;
}

type Collected = [fault: RequestFault | null, parts: Parts];

/** What came of bodies that were collected before it was known who answers. */
const kept = new WeakMap<IncomingMessage, Collected>();

/** Has `collectParts` find what it found already. */
export function keepParts(incoming: IncomingMessage, ...collected: Collected): void {
  kept.set(incoming, collected);
}

/** Calls back once: with the parts when all have come, or with why they are not waited for. */
export function collectParts(incoming: IncomingMessage, done: (...collected: Collected) => void): void {
  const before = kept.get(incoming);
  if (before) {
    done(...before);
    return;
  }
  const all: Buffer[] = [];
  const parts: Parts = { all, bytes: 0 };
  if (Number(incoming.headers['content-length']) > BODY_LIMIT_BYTES) {
    done(TOO_LARGE, parts);
    return;
  }
  const refuse = (fault: RequestFault) => {
    incoming.off('data', read).off('end', whole).off('error', cutOff);
    done(fault, parts);
  };
  const read = (part: Buffer) => {
    parts.bytes += part.length;
    all.push(part);
    if (parts.bytes > BODY_LIMIT_BYTES) refuse(TOO_LARGE);
  };
  // Nothing comes after the end, so the listeners may stay.
  const whole = () => done(null, parts);
  const cutOff = () => refuse(CUT_OFF);
  incoming.on('data', read).on('end', whole).on('error', cutOff);
}

export function textOf({ all }: Parts): string {
  const [first] = all;
  return all.length === 1 && first ? first.toString() : Buffer.concat(all).toString();
}
