// The ids by which a request is found again: W3C Trace Context and X-Request-Id are named in the log, and sent back with the answer.
import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { callOf } from './recorded-calls.ts';

const TRACEPARENT = /^(?!ff)[\da-f]{2}-(?!0{32})([\da-f]{32})-(?!0{16})[\da-f]{16}-[\da-f]{2}$/;

const REQUEST_ID = /^[\w.:-]{1,128}$/;

/** The ids that a caller has sent, for a line of the log; none that is not valid. */
export function idsOf(headers: IncomingHttpHeaders): { trace_id?: string; request_id?: string } {
  const traceId = TRACEPARENT.exec(String(headers.traceparent))?.[1];
  const requestId = requestIdOf(headers);
  return {
    ...(traceId !== undefined && { trace_id: traceId }),
    ...(requestId !== undefined && { request_id: requestId }),
  };
}

/**
 * The ids of a request that is told of in the log. One without an id of its own is given one, which the answer names,
 * so that who was answered can find the line.
 */
export function idsFor(
  request: FastifyRequest,
  reply: FastifyReply,
): { trace_id?: string; request_id: string } {
  const ids = { request_id: randomUUID() as string, ...idsOf(request.headers) };
  reply.header('x-request-id', ids.request_id);
  const traceId = callOf(request)?.traceId;
  return { ...ids, ...(traceId !== undefined && { trace_id: traceId }) };
}

/** Sends the caller's `traceparent` and `x-request-id` back where they are valid, so that a proxy on the way can tie the answer to its own. */
export function passIdsOn({ headers }: IncomingMessage, response: ServerResponse): void {
  const { traceparent } = headers;
  if (typeof traceparent === 'string' && TRACEPARENT.test(traceparent)) {
    response.setHeader('traceparent', traceparent);
  }
  const requestId = requestIdOf(headers);
  if (requestId !== undefined) response.setHeader('x-request-id', requestId);
}

function requestIdOf(headers: IncomingHttpHeaders): string | undefined {
  const id = headers['x-request-id'];
  return typeof id === 'string' && REQUEST_ID.test(id) ? id : undefined;
}
