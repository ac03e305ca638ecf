// Records the calls that evaluate, where OpenTelemetry is on. Source: its semantic conventions for RPC.
import type { ObservedCall, Telemetry } from '../telemetry.ts';
import type { Framing } from './framing.ts';
import { methodAt } from './methods.ts';
import type { Request, Response } from './request.ts';
import type { Code } from './status.ts';

/** What is the relay's fault and not the caller's. */
const OURS: ReadonlySet<Code> = new Set(['deadline_exceeded', 'unimplemented', 'internal', 'unavailable']);

export class Recording {
  readonly #telemetry: Telemetry;
  readonly #calls = new WeakMap<Request, { call: ObservedCall; fault?: Code }>();

  constructor(telemetry: Telemetry) {
    this.#telemetry = telemetry;
  }

  /** Begins with what calls a method that evaluates, also if it is refused later. */
  begin(request: Request, response: Response, framing: Framing | undefined): void {
    const method = methodAt(request.url);
    if (!method || method.asks === 'Events' || !framing) return;
    const name = (request.url as string).split('?', 1)[0]?.slice(1) as string;
    const system = framing.encodingHeader === 'grpc-encoding' ? 'grpc' : 'connectrpc';
    const call = this.#telemetry.begin(name, request.headers, {
      'rpc.system.name': system,
      'rpc.method': name,
      'network.protocol.version': request.httpVersion,
    });
    if (!call) return;
    const recorded: { call: ObservedCall; fault?: Code } = { call };
    this.#calls.set(request, recorded);
    response.once('close', () => {
      const { fault } = recorded;
      const status = fault ?? (system === 'grpc' ? 'ok' : undefined);
      const word = system === 'grpc' ? status?.toUpperCase() : status;
      const isOurs = fault !== undefined && OURS.has(fault);
      call.end(word === undefined ? {} : { 'rpc.response.status_code': word }, isOurs ? word : undefined);
    });
  }

  /** Runs what answers a request: the decisions that it comes to are events of the request's call. */
  answer<Result>(request: Request, work: () => Result): Result {
    const recorded = this.#calls.get(request);
    return recorded ? recorded.call.answer(work) : work();
  }

  failed(request: Request, fault: Code): void {
    const recorded = this.#calls.get(request);
    if (recorded) recorded.fault = fault;
  }
}
