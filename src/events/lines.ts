// Events of a request's body, line by line: each is of the right shape or refused by itself.
import { isUtf8 } from 'node:buffer';
import { setImmediate as turn } from 'node:timers/promises';
import type { Event } from '../model/event.ts';
import { type EventFault, isFault, readEvent } from '../model/event-shape.ts';

export interface Refusal extends EventFault {
  /** The line, from 0. */
  index: number;
}

export interface ReadLines {
  events: { index: number; event: Event }[];
  refused: Refusal[];
}

/** The request has more events than one may have. */
export class TooManyEventsError extends Error {
  override name = 'TooManyEventsError';
}

/** So many lines are read before others have their turn. */
const LINES_A_TURN = 500;
const LINE_FEED = 0x0a;

/** Reads NDJSON. Empty lines are passed over, and counted. Throws TooManyEventsError. */
export async function readLines(body: Buffer, mostLines: number): Promise<ReadLines> {
  const read: ReadLines = { events: [], refused: [] };
  let index = 0;
  for (let from = 0; from < body.length; index++) {
    if (index === mostLines) throw new TooManyEventsError();
    const end = body.indexOf(LINE_FEED, from);
    const line = body.subarray(from, end === -1 ? body.length : end);
    from += line.length + 1;
    const found = readLine(line);
    if (found === undefined) continue;
    if (isFault(found)) read.refused.push({ index, code: found.code, reason: found.reason });
    else read.events.push({ index, event: found });
    if (index % LINES_A_TURN === LINES_A_TURN - 1) await turn();
  }
  return read;
}

function readLine(line: Buffer): Event | EventFault | undefined {
  // Bytes that are no UTF-8 would become other text.
  if (!isUtf8(line)) return { code: 'malformed', reason: 'The line is not UTF-8.' };
  const text = line.toString('utf8');
  if (text.trim() === '') return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { code: 'malformed', reason: 'The line is not JSON.' };
  }
  return readEvent(value);
}
