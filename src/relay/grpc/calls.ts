// One call: who may make it, how it is read, and what it is answered.

import { countLate, type RelayCore } from '../core.ts';
import { idsOf } from '../http/trace.ts';
import { hasMore } from '../http/turns.ts';
import { LARGE_BYTES } from '../large/bodies.ts';
import { Unreadable } from '../read-json.ts';
import type { Served } from '../snapshot-store.ts';
import { Admission, type AdmissionOptions } from './admission.ts';
import { Arrivals } from './arrivals.ts';
import { type CrossOrigin, crossOrigin } from './cross-origin.ts';
import { timeoutMsOf } from './deadline.ts';
import type { EventStreams } from './events.ts';
import { type Framing, framingOf, isSpokenOver, refuseInJson } from './framing.ts';
import type { Method } from './methods.ts';
import { type Asked, askedFor, messageOf, UNREADABLE_BY } from './received.ts';
import { Recording } from './recording.ts';
import { OURS, refuseKind, TOO_MANY_LARGE, UNREAD } from './refusals.ts';
import { cutAfter, type Request, type Response } from './request.ts';
import { resolve, resolveAllInSteps } from './resolve.ts';
import { CallFault } from './status.ts';
import { Unread } from './unread.ts';

export interface CallOptions extends AdmissionOptions {
  corsOrigins: readonly string[];
  maxInFlight: number;
}

interface Call {
  method: Method;
  framing: Framing;
  request: Request;
  response: Response;
  refuse: (error: unknown) => void;
}

/** Answers calls, whichever protocol of the family they are made in. */
export class Calls {
  readonly #core: RelayCore;
  readonly #events: EventStreams;
  readonly #admission: Admission;
  readonly #crossOrigin: CrossOrigin;
  readonly #arrivals: Arrivals;
  readonly #unread = new Unread();
  readonly #recording: Recording | undefined;

  constructor(core: RelayCore, options: CallOptions, events: EventStreams) {
    this.#core = core;
    this.#events = events;
    this.#admission = new Admission(core, options);
    this.#crossOrigin = crossOrigin(options.corsOrigins);
    this.#arrivals = new Arrivals(options.maxInFlight, core.counters);
    this.#recording = core.telemetry && new Recording(core.telemetry);
  }

  readonly close = (): void => this.#arrivals.close();

  /** Answers a request. Never throws. */
  readonly answer = (request: Request, response: Response): void => {
    response.sendDate = false;
    if (this.#core.isStopping() && request.httpVersionMajor < 2 && !hasMore(request.socket))
      response.setHeader('connection', 'close');
    response.on('error', () => undefined);
    request.on('error', () => undefined);
    const framing = framingOf(request.headers['content-type']);
    this.#recording?.begin(request, response, framing);
    const refuse = (error: unknown) => this.#refuse(error, framing, request, response);
    try {
      this.#admission.guard(request);
      if (this.#crossOrigin(request, response)) return;
      if (request.method !== 'POST' || !framing) {
        refuseKind(request, response);
        return;
      }
      const call = { method: this.#admission.admit(request, framing), framing, request, response, refuse };
      this.#arrivals.receive(request, (body) => this.#take(call, body), refuse);
    } catch (error) {
      refuse(error);
    }
  };

  /** Large ones are read elsewhere, as on HTTP. */
  #take(call: Call, body: Buffer): void {
    const { method, framing, request, response, refuse } = call;
    attempt(refuse, () => {
      const message = messageOf(body, framing, request.headers);
      if (method.asks === 'Events') {
        this.#events.open(framing, response, timeoutMsOf(request.headers));
        return;
      }
      const asks = method.asks === 'All' ? 'All' : 'one';
      const { served } = this.#core.store;
      if (message.length > LARGE_BYTES) return this.#readLarge(call, message, asks, served);
      this.#core.large.seeOther();
      this.#answer(call, served, askedFor(message, framing.codec, asks), message.length);
    });
  }

  /** It is answered from what was served when it came. */
  #readLarge(call: Call, message: Buffer, asks: 'All' | 'one', served: Served | undefined): void {
    const { framing, response, refuse } = call;
    let isGone = false;
    response.once('close', () => {
      isGone = true;
    });
    this.#core.large.read({
      form: { codec: framing.codec, asks },
      parts: [message],
      bytes: message.length,
      snapshot: served?.snapshot,
      isGone: () => isGone,
      answer: (asked, left) =>
        attempt(refuse, () => {
          this.#answer(call, served, asked as Asked, left);
          if (served) countLate(this.#core, served);
        }),
      unreadable: (why) => refuse(UNREADABLE_BY[why]),
      refuse: () => refuse(this.#tooManyLarge()),
    });
  }

  #answer(call: Call, served: Served | undefined, asked: Asked, bytes: number): void {
    const { method, framing, request, response, refuse } = call;
    const isForAll = method.asks === 'All';
    if (isForAll && this.#unread.isTooMuch(request)) {
      this.#core.counters.refusedRequests.add('unread');
      throw UNREAD;
    }
    const send = (work: () => Buffer) => {
      const answer = this.#recording ? this.#recording.answer(request, work) : work();
      if (isForAll) this.#unread.add(request, response, answer.length);
      framing.answer(response, answer);
    };
    if (!isForAll || bytes <= LARGE_BYTES) {
      send(() => resolve(this.#core, served, method, asked, framing.codec));
      return;
    }
    resolveAllInSteps(this.#core, served, asked, framing.codec, bytes)
      .then((answer) => {
        if (!answer) throw this.#tooManyLarge();
        send(answer);
      })
      .catch(refuse);
  }

  #tooManyLarge(): CallFault {
    this.#core.counters.refusedRequests.add('too_many');
    return TOO_MANY_LARGE;
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
    if (error instanceof Unreadable) return UNREADABLE_BY[error.why];
    this.#core.log.error({ error, ...idsOf(headers) }, 'call failed');
    return OURS;
  }
}

/** Does the work; what it throws refuses the call. */
function attempt(refuse: Call['refuse'], work: () => void): void {
  try {
    work();
  } catch (error) {
    refuse(error);
  }
}
