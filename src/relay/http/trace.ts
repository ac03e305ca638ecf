// W3C Trace Context: the caller's trace is named in the log, and passed on with the answer.
import type { FastifyReply, FastifyRequest } from 'fastify';

const TRACEPARENT = /^(?!ff)[\da-f]{2}-(?!0{32})([\da-f]{32})-(?!0{16})[\da-f]{16}-[\da-f]{2}$/;

const REQUEST_ID = /^[\w.:-]{1,128}$/;

/** The ids of a request for a log line; nothing where the caller sends none, or one that is none. */
export function traceOf({ headers }: FastifyRequest): { trace_id?: string; request_id?: string } {
  const traceId = TRACEPARENT.exec(String(headers.traceparent))?.[1];
  const requestId = headers['x-request-id'];
  return {
    ...(traceId !== undefined && { trace_id: traceId }),
    ...(typeof requestId === 'string' && REQUEST_ID.test(requestId) && { request_id: requestId }),
  };
}

/** Sends the caller's `traceparent` back, so that a proxy on the way can tie the answer to its trace. */
export function passTraceOn(request: FastifyRequest, reply: FastifyReply): void {
  const { traceparent } = request.headers;
  if (typeof traceparent === 'string' && TRACEPARENT.test(traceparent))
    reply.header('traceparent', traceparent);
}
