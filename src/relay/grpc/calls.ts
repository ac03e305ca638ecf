// One call: who may make it, how it is read, and what it is answered.
import type { RelayCore } from '../core.ts';
import { hostJudge, tokensOf } from '../http/guard.ts';
import type { Tokens } from '../http/tokens.ts';
import { idsOf } from '../http/trace.ts';
import { Arrivals } from './arrivals.ts';
import { type CrossOrigin, crossOrigin } from './cross-origin.ts';
import type { EventStreams } from './events.ts';
import { type Framing, framingOf, refuseInJson } from './framing.ts';
import { type Method, methodAt } from './methods.ts';
import { messageOf } from './received.ts';
import { Recording } from './recording.ts';
import { authorityOf, cutAfter, type Request, type Response } from './request.ts';
import { resolve } from './resolve.ts';
import { CallFault } from './status.ts';
import { Unread } from './unread.ts';

export interface CallOptions {
  allowHosts: readonly string[];
  corsOrigins: readonly string[];
  tokens?: Tokens | undefined;
  maxInFlight: number;
}

interface Call {
  method: Method;
  framing: Framing;
  request: Request;
  response: Response;
}

const NO_HOST = new CallFault('invalid_argument', 'The request lacks the name of its host.');
const OTHER_HOST = new CallFault(
  'permission_denied',
  'This host is not allowed. Start the relay with --allow-host NAME to allow it.',
);
const NO_TOKEN = new CallFault(
  'unauthenticated',
  'Send a token, as authorization: Bearer TOKEN or as x-api-key: TOKEN.',
);
const WRONG_TOKEN = new CallFault('unauthenticated', 'The token is not valid.');
const NO_METHOD = new CallFault(
  'unimplemented',
  "There is no such method. flagd's evaluation protocol is spoken here.",
);
const NO_HTTP2 = new CallFault(
  'unimplemented',
  'gRPC needs HTTP/2. Over HTTP/1.1, send gRPC-Web or Connect.',
);
const OTHER_TYPE = new CallFault('unimplemented', 'This method is not called with this content type.');
const UNREAD = new CallFault('unavailable', 'Too many answers wait on this connection. Read them first.', 1);
const OURS = new CallFault('internal', 'The relay failed to answer. Its log says why.');

/** Answers calls, whichever protocol of the family they are made in. */
export class Calls {
  readonly #core: RelayCore;
  readonly #tokens: Tokens | undefined;
  readonly #events: EventStreams;
  readonly #isAllowed: (host: string) => boolean;
  readonly #crossOrigin: CrossOrigin;
  readonly #arrivals: Arrivals;
  readonly #unread = new Unread();
  readonly #recording: Recording | undefined;

  constructor(core: RelayCore, options: CallOptions, events: EventStreams) {
    this.#core = core;
    this.#tokens = options.tokens;
    this.#events = events;
    this.#isAllowed = hostJudge(options.allowHosts);
    this.#crossOrigin = crossOrigin(options.corsOrigins);
    this.#arrivals = new Arrivals(options.maxInFlight, core.counters);
    this.#recording = core.telemetry && new Recording(core.telemetry);
  }

  close(): void {
    this.#arrivals.close();
  }

  /** Answers a request. Never throws. */
  readonly answer = (request: Request, response: Response): void => {
    response.sendDate = false;
    if (this.#core.isStopping() && request.httpVersionMajor < 2) response.setHeader('connection', 'close');
    response.on('error', () => undefined);
    request.on('error', () => undefined);
    const framing = framingOf(request.headers['content-type']);
    this.#recording?.begin(request, response, framing);
    const refuse = (error: unknown) => this.#refuse(error, framing, request, response);
    try {
      this.#guard(request);
      if (this.#crossOrigin(request, response)) return;
      if (request.method !== 'POST' || !framing) {
        refuseKind(request, response);
        return;
      }
      const method = this.#admit(request, framing);
      const answer = (body: Buffer) => {
        try {
          this.#answer({ method, framing, request, response }, body);
        } catch (error) {
          refuse(error);
        }
      };
      this.#arrivals.receive(request, answer, refuse);
    } catch (error) {
      refuse(error);
    }
  };

  /** Throws a CallFault for a host that nobody named: see `hostJudge`. */
  #guard(request: Request): void {
    const host = authorityOf(request);
    if (host === undefined) throw NO_HOST;
    if (this.#isAllowed(host)) return;
    this.#core.counters.refusedRequests.add('host');
    throw OTHER_HOST;
  }

  /** The method that is called. Throws a CallFault where it may not be, before anything of the request is read. */
  #admit(request: Request, framing: Framing): Method {
    const { counters, rateLimit } = this.#core;
    if (!isSpokenOver(framing, request)) throw NO_HTTP2;
    if (this.#tokens) this.#checkToken(request, this.#tokens);
    const method = methodAt(request.url);
    if (!method) throw NO_METHOD;
    if (framing.only !== undefined && (framing.only === 'stream') !== (method.asks === 'Events'))
      throw OTHER_TYPE;
    const waitS = method.asks === 'Events' ? 0 : (rateLimit?.take() ?? 0);
    if (waitS > 0) {
      counters.refusedRequests.add('rate');
      throw new CallFault('resource_exhausted', 'More calls a second than the rate limit allows.', waitS);
    }
    return method;
  }

  #checkToken({ headers }: Request, tokens: Tokens): void {
    const sent = tokensOf(headers);
    if (sent.some((token) => tokens.open(token))) return;
    this.#core.counters.refusedRequests.add('token');
    throw sent.length > 0 ? WRONG_TOKEN : NO_TOKEN;
  }

  #answer({ method, framing, request, response }: Call, body: Buffer): void {
    const message = messageOf(body, framing, request.headers);
    if (method.asks === 'Events') {
      this.#events.open(framing, response);
      return;
    }
    if (this.#unread.isTooMuch(request)) {
      this.#core.counters.refusedRequests.add('unread');
      throw UNREAD;
    }
    const answer = this.#recording
      ? this.#recording.answer(request, () => resolve(this.#core, method, message, framing.codec))
      : resolve(this.#core, method, message, framing.codec);
    this.#unread.add(request, response, answer.length);
    framing.answer(response, answer);
  }

  #refuse(error: unknown, framing: Framing | undefined, request: Request, response: Response): void {
    const fault = this.#faultOf(error, request);
    this.#recording?.failed(request, fault.code);
    if (response.headersSent) {
      response.destroy();
      return;
    }
    if (!request.readableEnded) cutAfter(request, response);
    if (framing && isSpokenOver(framing, request)) framing.refuse(response, fault);
    else refuseInJson(response, fault);
  }

  /** What is none of the call's faults is ours. */
  #faultOf(error: unknown, { headers }: Request): CallFault {
    if (error instanceof CallFault) return error;
    this.#core.log.error({ error, ...idsOf(headers) }, 'call failed');
    return OURS;
  }
}

function isSpokenOver({ needsHttp2 }: Framing, { httpVersionMajor }: Request): boolean {
  return !needsHttp2 || httpVersionMajor >= 2;
}

/** What is no call at all. */
function refuseKind({ method }: Request, response: Response): void {
  const [status, message] =
    method === 'POST'
      ? [415, 'Send gRPC, gRPC-Web or Connect, in protobuf or JSON.']
      : [405, 'This address takes POST.'];
  const body = Buffer.from(JSON.stringify({ code: 'unknown', message }));
  response.writeHead(status as number, {
    'content-type': 'application/json',
    ...(status === 405 && { allow: 'POST' }),
  });
  response.end(body);
}
