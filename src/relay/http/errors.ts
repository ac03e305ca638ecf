// The one shape of every error: `{ errorCode, errorDetails }`, with `key` on OFREP's single flag. Never a stack, never the request's words.
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from '../../io/log.ts';
import type { ErrorCode } from '../../model/decision.ts';
import type { RelayCore } from '../core.ts';
import { RefusalPace } from './refusal-pace.ts';
import { idsFor } from './trace.ts';

/** A request that cannot be answered as it is. `details` is for people, and holds nothing of the request. */
export class RequestFault extends Error {
  override name = 'RequestFault';
  readonly statusCode: number;
  readonly errorCode: ErrorCode;
  readonly headers: { [name: string]: string };

  constructor(
    statusCode: number,
    errorCode: ErrorCode,
    details: string,
    headers: RequestFault['headers'] = {},
  ) {
    // Nobody reads where it was made, and finding out costs more than the whole answer.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super(details);
    Error.stackTraceLimit = stackTraceLimit;
    this.statusCode = statusCode;
    this.errorCode = errorCode;
    this.headers = headers;
  }
}

/** What the framework's own errors mean to a caller. */
const FRAMEWORK_FAULTS: { [code: string]: [status: number, code: ErrorCode, details: string] } = {
  FST_ERR_BAD_URL: [400, 'GENERAL', 'The address is not validly percent-encoded.'],
  FST_ERR_MAX_PARAM_LENGTH: [
    414,
    'GENERAL',
    'A key in the address is too long. At most 1024 characters are read.',
  ],
};

declare module 'fastify' {
  interface FastifyRequest {
    /** Called when the request is in flight no more. */
    land?: (() => void) | undefined;
  }
}

/** How an app answers what it cannot: errors of its routes and of the framework, and what no route takes. */
export class Refusing {
  readonly #log: Logger;
  readonly #closing: RefusalPace;
  readonly #isStopping: () => boolean;
  readonly #pace = new RefusalPace();

  constructor({ log, isStopping }: Pick<RelayCore, 'log' | 'isStopping'>, closing: RefusalPace) {
    this.#log = log;
    this.#isStopping = isStopping;
    this.#closing = closing;
  }

  /** Handles all errors: faults of the request by name; anything else is ours, so it is logged and answered 500. */
  readonly error = (
    error: FastifyError | RequestFault,
    request: FastifyRequest,
    reply: FastifyReply,
  ): void => {
    const fault = faultOf(error);
    if (fault.statusCode >= 500 && !(error instanceof RequestFault)) {
      this.#log.error(
        { error, route: request.routeOptions.url, ...idsFor(request, reply) },
        'request failed',
      );
    }
    this.#refuse(request, reply, fault);
  };

  /** Handles what no route takes. */
  readonly notFound = (request: FastifyRequest, reply: FastifyReply): void => {
    const details = 'There is nothing at this address. /openapi.json names what there is.';
    this.#refuse(request, reply, new RequestFault(404, 'GENERAL', details));
  };

  /** Callers that come too often are told so at once, for they may be right to ask; the others have their pace. */
  #refuse(request: FastifyRequest, reply: FastifyReply, fault: RequestFault): void {
    const { statusCode, errorCode, message, headers } = fault;
    const refuse = () => void sendError(request, reply.headers(headers), statusCode, errorCode, message);
    request.land?.();
    if (statusCode >= 500 || statusCode === 429) refuse();
    // While stopping, every answer closes its connection, and none may come too late.
    else (reply.hasHeader('connection') && !this.#isStopping() ? this.#closing : this.#pace).answer(refuse);
  }
}

function faultOf(error: FastifyError | RequestFault): RequestFault {
  if (error instanceof RequestFault) return error;
  const known = FRAMEWORK_FAULTS[error.code];
  if (known) return new RequestFault(...known);
  const status = error.statusCode ?? 500;
  return status >= 400 && status < 500
    ? new RequestFault(status, 'GENERAL', 'The request cannot be understood.')
    : new RequestFault(500, 'GENERAL', 'The relay failed to answer. Its log says why.');
}

/** Answers with an error. On OFREP's single flag the body names the flag, as clients demand. */
export function sendError(
  request: FastifyRequest,
  reply: FastifyReply,
  statusCode: number,
  errorCode: ErrorCode,
  errorDetails: string,
): FastifyReply {
  const key = keyOf(request);
  return reply.code(statusCode).send({ ...(key !== undefined && { key }), errorCode, errorDetails });
}

/** The key in the address of OFREP's single flag, as it came where it cannot be decoded. */
function keyOf({ params, url }: FastifyRequest): string | undefined {
  const { key } = (params ?? {}) as { key?: string };
  return key ?? /^\/ofrep\/v1\/evaluate\/flags\/([^/?]+)(?:\?|$)/.exec(url)?.[1];
}
