// Which request is recorded as which call.
import type { FastifyRequest } from 'fastify';
import type { ObservedCall } from '../telemetry.ts';

const calls = new WeakMap<FastifyRequest['raw'], ObservedCall>();

/** The call as which a request is recorded; undefined where it is not. */
export function callOf(request: FastifyRequest): ObservedCall | undefined {
  return calls.get(request.raw);
}

export function isRecordedAs(request: FastifyRequest, call: ObservedCall): void {
  calls.set(request.raw, call);
}
