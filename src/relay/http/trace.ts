// W3C Trace Context: the caller's trace is named in the log, and passed on with the answer.
import type { FastifyReply, FastifyRequest } from 'fastify';

const TRACEPARENT = /^[\da-f]{2}-(?!0{32})([\da-f]{32})-(?!0{16})[\da-f]{16}-[\da-f]{2}$/;

/** The trace's id for a log line; nothing where the caller sends none, or an invalid one. */
export function traceOf(request: FastifyRequest): { trace_id?: string } {
  const { traceparent } = request.headers;
  const id = typeof traceparent === 'string' ? TRACEPARENT.exec(traceparent)?.[1] : undefined;
  return id === undefined ? {} : { trace_id: id };
}

/** Sends the caller's `traceparent` back, so that a proxy on the way can tie the answer to its trace. */
export function passTraceOn(request: FastifyRequest, reply: FastifyReply): void {
  const { traceparent } = request.headers;
  if (typeof traceparent === 'string' && TRACEPARENT.test(traceparent))
    reply.header('traceparent', traceparent);
}
