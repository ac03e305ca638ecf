// Reads a request's JSON body: bounded in size and depth, without `__proto__` and `constructor` keys.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Context } from '../../model/context.ts';
import { countLate, type RelayCore } from '../core.ts';
import { CHARS_PER_MS, LARGE_BYTES, type LargeBody } from '../large/bodies.ts';
import { MOST_UNKNOWN_FLAGS } from '../large/reader.ts';
import { MOST_DEPTH, readJson, Unreadable } from '../read-json.ts';
import type { Served } from '../snapshot-store.ts';
import { collectParts, type Parts, textOf } from './body-parts.ts';
import { RequestFault } from './errors.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The body as it came; empty for a large one. */
    bodyText: string;
    /** How much of it there is to evaluate. */
    bodyBytes: number;
    /** Set for a large body: what was served when it began to be read, which is in it as far as that matters. */
    begun: { served: Served | undefined } | undefined;
  }
  interface FastifyContextConfig {
    /** Its body is a context, and what is asked of it. */
    readsContext?: boolean;
  }
}

/**
 * Makes JSON the one media type that an app reads. Where the body is faulty, the fault is in its place, for the route to
 * throw: fastify would close the connection.
 */
export function readJsonBodies(app: FastifyInstance, relay: BodySurroundings): void {
  app.decorateRequest('bodyText', '');
  app.decorateRequest('bodyBytes', 0);
  app.decorateRequest('begun', undefined);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', (request, payload, done) => {
    collectParts(payload, (fault, parts) => {
      if (fault) done(fault);
      else readParts(relay, request, parts, (body) => done(null, body));
    });
  });
}

function readParts(
  relay: BodySurroundings,
  request: FastifyRequest,
  parts: Parts,
  give: (body: unknown) => void,
): void {
  request.bodyBytes = parts.bytes;
  if (isEncoded(request)) give(ENCODED);
  else if (parts.bytes > LARGE_BYTES) readLarge(relay, request, parts, give);
  else {
    relay.large.seeOther();
    request.bodyText = textOf(parts);
    give(parsed(request.bodyText));
  }
}

function readLarge(
  relay: BodySurroundings,
  request: FastifyRequest,
  parts: Parts,
  give: (body: unknown) => void,
): void {
  const { all, bytes } = parts;
  const refuse = () => {
    relay.counters.refusedRequests.add('too_many');
    give(TOO_MANY_LARGE);
  };
  // Who has gone while it waited is not answered.
  const isGone = () => request.socket.destroyed;
  if (request.routeOptions.config.readsContext) {
    readContext(relay, request, { parts: all, bytes, isGone, give, refuse });
    return;
  }
  const work = () => isGone() || give(parsed(textOf(parts)));
  relay.large.take({ chars: bytes, mostMs: bytes / CHARS_PER_MS, work, refuse });
}

type BodySurroundings = Pick<RelayCore, 'large' | 'store' | 'counters'>;

/** It is evaluated as if it had come when it began to be read, by whatever was served then. */
function readContext(
  { large, store, counters }: BodySurroundings,
  request: FastifyRequest,
  {
    give,
    ...asked
  }: Pick<LargeBody, 'parts' | 'bytes' | 'isGone' | 'refuse'> & { give: (body: unknown) => void },
): void {
  const { served } = store;
  request.begun = { served };
  // It has arrived. How many wait for the thread is bounded there, and they take no place from others.
  request.land?.();
  large.read({
    ...asked,
    form: 'http',
    snapshot: served?.snapshot,
    answer: (body, bytes) => {
      request.bodyBytes = bytes;
      give(body);
      if (served) countLate({ store, counters }, served);
    },
    unreadable: (why) => give(why === 'many' ? MANY_UNKNOWN : UNREADABLE[why]),
  });
}

function parsed(text: string): unknown {
  try {
    return readJson(text);
  } catch (error) {
    if (error instanceof Unreadable) return UNREADABLE[error.why];
    throw error;
  }
}

const UNREADABLE: { [why in Unreadable['why']]: RequestFault } = {
  empty: new RequestFault(
    400,
    'PARSE_ERROR',
    'The request body is empty. Send a JSON object: {"context":{}}.',
  ),
  malformed: new RequestFault(400, 'PARSE_ERROR', 'The request body is not JSON.'),
  deep: new RequestFault(
    400,
    'PARSE_ERROR',
    `The request body is nested more than ${MOST_DEPTH} levels deep.`,
  ),
};
export const MANY_UNKNOWN = new RequestFault(
  400,
  'PARSE_ERROR',
  `"flags" names more than ${MOST_UNKNOWN_FLAGS} flags that this environment does not have.`,
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

/** The body as an object. Throws a RequestFault, or the parser's own, for anything else. */
export function bodyOf(request: FastifyRequest): { [member: string]: unknown } {
  const { body } = request;
  if (body instanceof Error) throw body;
  if (isObject(body)) return body;
  throw new RequestFault(400, 'PARSE_ERROR', 'The request body must be a JSON object: {"context":{}}.');
}

/** What a request is answered from. */
export function servedFor(
  { store }: Pick<RelayCore, 'store'>,
  { begun }: FastifyRequest,
): Served | undefined {
  return begun ? begun.served : store.served;
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
