// One route of the HTTP API: what answers it, and what its contract says.
import type { FastifyReply } from 'fastify';

import type { DecideOne, Handler } from './handler.ts';
import { waitsToBeRead } from './load.ts';
import { Sheets } from './sheets.ts';

export interface Route {
  method: 'GET' | 'POST';
  /** In fastify's words: `:name` is one part of the address, percent-decoded. */
  url: string;
  operationId: string;
  summary: string;
  tag: 'OpenFeature' | 'Evaluation' | 'Events' | 'Configuration' | 'Operation';
  /** JSON Schemas, for openapi.json; a handler checks what it is given itself, so that each fault has its own code. */
  schema: {
    params?: object;
    headers?: object;
    querystring?: object;
    body?: object;
    response: { [status: number]: object };
  };
  handler: Handler;
  /** The address ends with a flag's key, and this is what the handler answers with. */
  decide?: DecideOne;
  /** It evaluates flags, so --rate-limit counts it: a call for many flags as one. */
  evaluates?: true;
  /** What it makes of a body depends on nothing but what evaluating reads of its context, `flags` and `default`. */
  readsContext?: true;
  /** Also served on --probe-listen. */
  probe?: true;
  /** The answer goes on: it counts as a stream and not as a request in flight. */
  stream?: true;
}

/** An app's option: handlers check what they are given and answer with text, so no compiler of schemas is loaded. */
export const withoutCompilers = {
  compilersFactory: { buildValidator: noCompiler, buildSerializer: noCompiler },
};

function noCompiler(): never {
  throw new Error('no route has a schema that is run');
}

export const JSON_TYPE = 'application/json; charset=utf-8';

/** Sends what is JSON already, as text or as its bytes. */
export function sendJson(reply: FastifyReply, json: string | Buffer): void {
  waitsToBeRead(reply.request.socket, reply.raw, json.length);
  reply.header('content-type', JSON_TYPE).send(json);
}

/** For answers of many parts. */
export const sheets = new Sheets();

/** Sends JSON that `sheets` joined. */
export function sendJoined(reply: FastifyReply, json: Buffer): void {
  if (sheets.wants(json)) {
    const { socket } = reply.request;
    reply.raw.once('finish', () => {
      // One that was cut off may leave some of it in the system's hands.
      if (!socket.destroyed) sheets.giveBack(json);
    });
  }
  sendJson(reply, json);
}
