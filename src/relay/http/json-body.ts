// Reads a request's JSON body: bounded in size and depth, without `__proto__` and `constructor` keys.
import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Context } from '../../model/context.ts';
import { countLate, type RelayCore } from '../core.ts';
import { CHARS_PER_MS, LARGE_BYTES, type LargeBody } from '../large/bodies.ts';
import { MOST_UNKNOWN_FLAGS } from '../large/reader.ts';
import { MOST_DEPTH, readJson, Unreadable } from '../read-json.ts';
import type { Served } from '../snapshot-store.ts';
import { collectParts, type Parts, textOf } from './body-parts.ts';
import { RequestFault } from './errors.ts';
import type { Body, Handler } from './handler.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Its body is a context, and what is asked of it. */
    readsContext?: boolean;
  }
}

/** Has a handler answer when the request's body has come, which must be JSON. What is wrong with the body it throws. */
export function withBody(relay: BodySurroundings, handler: Handler): Handler {
  return (request, reply) => {
    if (hasNoBody(request)) return handler(request, reply);
    if (!isJson(request.headers)) throw NOT_JSON;
    collectParts(request.raw, (fault, parts) => {
      if (fault) {
        // More of it may come.
        reply.header('connection', 'close').send(fault);
        return;
      }
      // It waits for its turn, and its client may go meanwhile.
      if (parts.bytes > LARGE_BYTES) reply.raw.once('close', () => request.land?.());
      readParts(relay, request, parts, (body) => {
        request.body = body;
        answer(handler, request, reply);
      });
    });
  };
}

function hasNoBody({ headers }: FastifyRequest): boolean {
  const { 'content-type': type, 'content-length': length, 'transfer-encoding': encoding } = headers;
  return type === undefined && encoding === undefined && (length === undefined || length === '0');
}

export function isJson(headers: IncomingHttpHeaders): boolean {
  const type = headers['content-type'];
  return type === 'application/json' || (type !== undefined && JSON_TYPES.test(type));
}

/** Any parameters are fine: JSON is UTF-8 (RFC 8259 §8.1). */
const JSON_TYPES = /^application\/json[\t ]*(?:;|$)/i;

/** Called when the framework does not hear any more what a handler throws. */
function answer(handler: Handler, request: FastifyRequest, reply: FastifyReply): void {
  try {
    handler(request, reply)?.catch((error) => void reply.send(error));
  } catch (error) {
    reply.send(error);
  }
}

function readParts(
  relay: BodySurroundings,
  request: FastifyRequest,
  parts: Parts,
  give: (body: Body) => void,
): void {
  const { bytes } = parts;
  if (isEncoded(request.headers)) give({ value: ENCODED, text: '', bytes });
  else if (bytes > LARGE_BYTES) readLarge(relay, request, parts, give);
  else give(smallBody(relay, parts));
}

/** A body that is read at once. */
export function smallBody({ large }: Pick<RelayCore, 'large'>, parts: Parts): Body {
  large.seeOther();
  const text = textOf(parts);
  return { value: parsed(text), text, bytes: parts.bytes };
}

function readLarge(
  relay: BodySurroundings,
  request: FastifyRequest,
  { all, bytes }: Parts,
  give: (body: Body) => void,
): void {
  const refuse = () => {
    relay.counters.refusedRequests.add('too_many');
    give({ value: TOO_MANY_LARGE, text: '', bytes });
  };
  const isGone = () => request.socket.destroyed;
  if (request.routeOptions.config.readsContext) {
    readContext(relay, request, { parts: all, bytes, isGone, give, refuse });
    return;
  }
  const work = () => {
    if (!isGone()) give({ value: parsed(textOf({ all, bytes })), text: '', bytes });
  };
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
  }: Pick<LargeBody, 'parts' | 'bytes' | 'isGone' | 'refuse'> & { give: (body: Body) => void },
): void {
  const { served } = store;
  const begun = { served };
  // It has arrived. How many wait for the thread is bounded there, and they take no place from others.
  request.land?.();
  large.read({
    ...asked,
    form: 'http',
    snapshot: served?.snapshot,
    answer: (value, bytes) => {
      give({ value, text: '', bytes, begun });
      if (served) countLate({ store, counters }, served);
    },
    unreadable: (why) => {
      give({ value: why === 'many' ? MANY_UNKNOWN : UNREADABLE[why], text: '', bytes: asked.bytes });
    },
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
const NOT_JSON = new RequestFault(
  415,
  'GENERAL',
  'The request body must be sent as content-type: application/json.',
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
export function isEncoded(headers: IncomingHttpHeaders): boolean {
  const encoding = headers['content-encoding'];
  return encoding !== undefined && encoding.toLowerCase() !== 'identity';
}

/** What came as a request's body, if anything did. */
export function bodyOf({ body }: FastifyRequest): Body {
  return (body as Body | undefined) ?? NO_BODY;
}

const NO_BODY: Body = Object.freeze({ value: undefined, text: '', bytes: 0 });

/** The body as an object. Throws a RequestFault, or the parser's own, for anything else. */
export function objectOf({ value }: Body): { [member: string]: unknown } {
  if (value instanceof Error) throw value;
  if (isObject(value)) return value;
  throw new RequestFault(400, 'PARSE_ERROR', 'The request body must be a JSON object: {"context":{}}.');
}

/** What a request is answered from. */
export function servedFor({ store }: Pick<RelayCore, 'store'>, { begun }: Body): Served | undefined {
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
