// Reads a request's JSON body: bounded in size and depth, without `__proto__` and `constructor` keys.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Context } from '../../model/context.ts';
import type { RelayCore } from '../core.ts';
import { CHARS_PER_MS, LARGE_CHARS } from '../large-bodies.ts';
import { RequestFault } from './errors.ts';

export const BODY_LIMIT_BYTES = 256 * 1024;
const MOST_DEPTH = 64;

declare module 'fastify' {
  interface FastifyRequest {
    /** The body as it came. */
    bodyText: string;
  }
}

/**
 * Makes JSON the one media type that an app reads. Where the body is faulty, the fault is in its place, for the route to
 * throw: fastify would close the connection.
 */
export function readJsonBodies(
  app: FastifyInstance,
  { large, counters }: Pick<RelayCore, 'large' | 'counters'>,
): void {
  const parseJson = app.getDefaultJsonParser('remove', 'remove');
  app.decorateRequest('bodyText', '');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, text, done) => {
    request.bodyText = text;
    const give = (fault: Error | null, body?: unknown) => done(null, fault ?? body);
    const parse = () => {
      if (deeperThan(text, MOST_DEPTH)) give(TOO_DEEP);
      else parseJson(request, text, give);
    };
    if (isEncoded(request)) return give(ENCODED);
    if (text.length <= LARGE_CHARS) {
      large.seeOther();
      return parse();
    }
    // Who has gone while it waited is not answered.
    const work = () => void (request.socket.destroyed || parse());
    const refuse = () => {
      counters.refusedRequests.add('too_many');
      give(TOO_MANY_LARGE);
    };
    const { length: chars } = text;
    large.take({ chars, mostMs: chars / CHARS_PER_MS, work, refuse });
  });
}

const TOO_DEEP = new RequestFault(
  400,
  'PARSE_ERROR',
  `The request body is nested more than ${MOST_DEPTH} levels deep.`,
);
const ENCODED = new RequestFault(415, 'GENERAL', 'The request body must be sent without content-encoding.');
export const TOO_MANY_LARGE = new RequestFault(
  503,
  'GENERAL',
  'Too many large requests wait for their turn.',
  {
    'retry-after': '1',
  },
);

/** What is small when it comes may be large when it is unpacked. */
function isEncoded({ headers }: FastifyRequest): boolean {
  const encoding = headers['content-encoding'];
  return encoding !== undefined && encoding.toLowerCase() !== 'identity';
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

/** The body as an object. Throws a RequestFault, or the parser's own, for anything else. */
export function bodyOf(request: FastifyRequest): { [member: string]: unknown } {
  const { body } = request;
  if (body instanceof Error) throw body;
  if (isObject(body)) return body;
  throw new RequestFault(400, 'PARSE_ERROR', 'The request body must be a JSON object: {"context":{}}.');
}

/** The body's context. Throws a RequestFault where it is no object. */
export function contextOf({ context }: { [member: string]: unknown }): Context {
  if (isObject(context)) return context as Context;
  throw new RequestFault(
    400,
    'INVALID_CONTEXT',
    'The context must be a JSON object: {"context":{"targetingKey":"…"}}.',
  );
}

/** The same, but a body without one has an empty one. */
export function contextOrNone(body: { [member: string]: unknown }): Context {
  return body.context === undefined ? NO_CONTEXT : contextOf(body);
}

const NO_CONTEXT: Context = Object.freeze({});

function isObject(value: unknown): value is { [member: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
