// Reads JSON that a caller sent: bounded in depth, without `__proto__` keys and prototypes of constructors.
import { parse } from 'secure-json-parse';

/** A request is one level, its context another. */
export const MOST_DEPTH = 64;

/** A body that cannot be read, and why. Holds nothing of it. */
export class Unreadable extends Error {
  override name = 'Unreadable';
  readonly why: 'empty' | 'malformed' | 'deep';

  constructor(why: Unreadable['why']) {
    super(`The body is ${why}.`);
    this.why = why;
  }
}

// Made once: to find out where an error was made costs more than the whole answer.
export const EMPTY = new Unreadable('empty');
export const MALFORMED = new Unreadable('malformed');
export const DEEP = new Unreadable('deep');

/** Throws one of the three. */
export function readJson(text: string): unknown {
  if (text === '') throw EMPTY;
  if (deeperThan(text, MOST_DEPTH)) throw DEEP;
  try {
    return parse(text, { protoAction: 'remove', constructorAction: 'remove' });
  } catch {
    throw MALFORMED;
  }
}

const QUOTE = 34;
const BACKSLASH = 92;

/** Whether objects and arrays nest deeper than the given number of levels. Counts brackets outside of strings; reads no further than it must. */
export function deeperThan(json: string, levels: number): boolean {
  if (json.length <= 2 * levels) return false;
  let depth = 0;
  for (let at = 0; at < json.length; at++) {
    const code = json.charCodeAt(at);
    if (code === QUOTE) at = endOfString(json, at);
    else if (code === 0x7b || code === 0x5b) {
      if (++depth > levels) return true;
    } else if (code === 0x7d || code === 0x5d) depth--;
  }
  return false;
}

function endOfString(json: string, start: number): number {
  let at = start + 1;
  while (at < json.length) {
    const code = json.charCodeAt(at);
    if (code === QUOTE) return at;
    at += code === BACKSLASH ? 2 : 1;
  }
  return at;
}
