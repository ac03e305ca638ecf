// Reads what a call brings: takes the one message out of its envelope, and the flag and the context out of that.
import { gunzipSync } from 'node:zlib';
import { fromBinary } from '@bufbuild/protobuf';
import type { Context } from '../../model/context.ts';
import { DEEP, MALFORMED, MOST_DEPTH, readJson } from '../read-json.ts';
import type { Codec, Framing } from './framing.ts';
import { ResolveAllRequestSchema } from './gen/flagd/evaluation/v1/evaluation_pb.ts';
import { ResolveBooleanRequestSchema } from './gen/flagd/evaluation/v2/evaluation_pb.ts';
import { CallFault } from './status.ts';

/** As on HTTP. */
export const MOST_BYTES = 256 * 1024;
/** protobuf counts the messages: of each level of a Struct there are the Struct (or list) and the value that holds it. */
const MOST_MESSAGES = 2 * MOST_DEPTH;
const ENVELOPE_BYTES = 5;
const COMPRESSED = 1;

const NOT_ONE_MESSAGE = new CallFault('data_loss', 'The call does not hold one whole message.');
/** Source: github.com/grpc/grpc, doc/compression.md. */
const UNNAMED_ENCODING = new CallFault(
  'internal',
  'The message is marked as compressed, and no header says how.',
);
const OTHER_ENCODING = new CallFault('unimplemented', 'The message is compressed in another way than gzip.');
const UNREADABLE = new CallFault('data_loss', 'The message cannot be read.');
const TOO_DEEP = new CallFault('data_loss', `The message is nested more than ${MOST_DEPTH} levels deep.`);
/** What a call is told whose message cannot be read. */
export const UNREADABLE_BY = { empty: UNREADABLE, malformed: UNREADABLE, deep: TOO_DEEP, many: UNREADABLE };
export const TOO_LARGE = new CallFault(
  'resource_exhausted',
  'The message is too large. At most 256 KB are read.',
);

/** The message of a call's body, decompressed. Throws a CallFault where there is not exactly one. */
export function messageOf(body: Buffer, framing: Framing, headers: { [name: string]: unknown }): Buffer {
  const encoding = headers[framing.encodingHeader];
  if (framing.only === 'unary') return unpacked(body, encoding);
  if (body.length < ENVELOPE_BYTES || body.readUInt32BE(1) !== body.length - ENVELOPE_BYTES)
    throw NOT_ONE_MESSAGE;
  const message = body.subarray(ENVELOPE_BYTES);
  if (body[0] === 0) return message;
  if (body[0] !== COMPRESSED) throw NOT_ONE_MESSAGE;
  if (encoding === undefined || encoding === 'identity') throw UNNAMED_ENCODING;
  return unpacked(message, encoding);
}

function unpacked(message: Buffer, encoding: unknown): Buffer {
  if (encoding === undefined || encoding === 'identity') return message;
  if (encoding !== 'gzip') throw OTHER_ENCODING;
  // Nothing is never compressed. Source: connectrpc.com/docs/protocol.
  if (message.length === 0) return message;
  try {
    return gunzipSync(message, { maxOutputLength: MOST_BYTES });
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? TOO_LARGE : UNREADABLE;
  }
}

export interface Asked {
  flagKey: string;
  context: Context;
}

const NO_CONTEXT: Context = Object.freeze({});

/** Reads a request for one flag, or for all: then no flag is named. Throws Unreadable. */
export function askedFor(message: Buffer, codec: Codec, asks: 'one' | 'All'): Asked {
  if (codec === 'json') {
    const body = objectOf(message);
    const flagKey = asks === 'All' ? '' : (body.flagKey ?? body.flag_key ?? '');
    if (typeof flagKey !== 'string') throw MALFORMED;
    return { flagKey, context: contextOf(body) };
  }
  if (asks === 'All') {
    const { context = NO_CONTEXT } = decoded(() => fromBinary(ResolveAllRequestSchema, message, READ));
    return { flagKey: '', context };
  }
  // Requests for flags of all types look the same.
  const { flagKey, context = NO_CONTEXT } = decoded(() =>
    fromBinary(ResolveBooleanRequestSchema, message, READ),
  );
  return { flagKey, context };
}

const READ = { readUnknownFields: false, recursionLimit: MOST_MESSAGES };

function decoded<Message>(read: () => Message): Message {
  try {
    return read();
  } catch (error) {
    throw /recursion depth/.test((error as Error).message) ? DEEP : MALFORMED;
  }
}

function objectOf(message: Buffer): { [member: string]: unknown } {
  const body = readJson(message.toString() || '{}');
  if (isObject(body)) return body;
  throw MALFORMED;
}

function contextOf({ context }: { [member: string]: unknown }): Context {
  if (context === undefined || context === null) return NO_CONTEXT;
  if (isObject(context)) return context as Context;
  throw MALFORMED;
}

function isObject(value: unknown): value is { [member: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
