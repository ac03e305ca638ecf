// How the collector answers what it cannot: one shape, `{ errorCode, errorDetails }`, and never the request's words.
import type { FastifyReply } from 'fastify';
import { sqlState } from '../db/faults.ts';
import type { Logger } from '../io/log.ts';
import { UnreachableError, UsageError } from '../lib/errors.ts';
import { BodyFault, type BodyFaultCode } from './body.ts';
import { TooManyEventsError } from './lines.ts';

export type ErrorCode =
  | 'REQUEST'
  | 'TOKEN'
  | 'HOST'
  | 'NOT_FOUND'
  | 'TOO_LARGE'
  | 'BUSY'
  | 'UNAVAILABLE'
  | 'INTERNAL';

/** A request that cannot be answered as it is. */
export class Fault extends Error {
  override name = 'Fault';
  readonly statusCode: number;
  readonly errorCode: ErrorCode;
  /** Seconds after which to come again. */
  readonly retryAfter: number | undefined;

  constructor(statusCode: number, errorCode: ErrorCode, details: string, retryAfter?: number) {
    super(details);
    this.statusCode = statusCode;
    this.errorCode = errorCode;
    this.retryAfter = retryAfter;
  }
}

const OF_BODY: { [code in BodyFaultCode]: () => Fault } = {
  'too-large': () =>
    new Fault(
      413,
      'TOO_LARGE',
      'The request has more bytes than are taken at once. Send fewer events a request.',
    ),
  busy: () => new Fault(429, 'BUSY', 'Too many bytes of events wait already. Come again later.', 1),
  encoding: () => new Fault(415, 'REQUEST', 'The body must be sent as content-encoding gzip or identity.'),
  broken: () =>
    new Fault(400, 'REQUEST', 'The body ended too early, or is not what its content-encoding says.'),
};

/** Framework errors that say more than their status. */
const OF_FRAMEWORK: { [code: string]: () => Fault } = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: () =>
    new Fault(415, 'REQUEST', 'Events must be sent as content-type: application/x-ndjson.'),
};

/** Sends what an error means to the caller. What is our fault is logged. */
export function answerFault(error: unknown, reply: FastifyReply, log: Logger): FastifyReply {
  const fault = faultOf(error);
  if (fault.errorCode === 'INTERNAL' || sqlState(error) !== undefined) log.error({ error }, 'request failed');
  if (fault.retryAfter !== undefined) reply.header('retry-after', fault.retryAfter);
  // What is left of a body that is not read must not be taken for the next request.
  if (error instanceof BodyFault) reply.header('connection', 'close');
  return reply.code(fault.statusCode).send({ errorCode: fault.errorCode, errorDetails: fault.message });
}

function faultOf(error: unknown): Fault {
  if (error instanceof Fault) return error;
  if (error instanceof BodyFault) return OF_BODY[error.code]();
  if (error instanceof TooManyEventsError)
    return new Fault(413, 'TOO_LARGE', 'The request has more events than are taken at once.');
  if (error instanceof UnreachableError || error instanceof UsageError || sqlState(error) !== undefined)
    return new Fault(
      503,
      'UNAVAILABLE',
      'PostgreSQL cannot take events now. Nothing is lost: send them again.',
      2,
    );
  const { code = '', statusCode = 500 } = error as { code?: string; statusCode?: number };
  const known = OF_FRAMEWORK[code];
  if (known) return known();
  if (statusCode >= 400 && statusCode < 500)
    return new Fault(statusCode, 'REQUEST', 'The request cannot be understood.');
  return new Fault(500, 'INTERNAL', 'The collector failed to answer. Its log says why.');
}
