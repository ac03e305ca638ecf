// What a relay records of its calls for OpenTelemetry: the interface alone, which the relay is made against.
import type { IncomingHttpHeaders } from 'node:http';
import type { Snapshot } from '../model/snapshot.ts';
import type { Answers } from './answers.ts';

/** Attributes of a span, in the words of OpenTelemetry's semantic conventions. Never a context's, and no secret (invariant 12). */
export type CallAttributes = { readonly [name: string]: string | number | boolean };

/** A call that is recorded. */
export interface ObservedCall {
  /** 32 hexadecimal digits: the caller's, where it sent one. */
  readonly traceId: string;
  /** The flag that the call was about; undefined where it is unknown, or there were more. */
  readonly flag: string | undefined;
  /** Runs what answers the call, which must be synchronous: the decisions that are given meanwhile are this call's. */
  answer<Result>(work: () => Result): Result;
  /** Ends the span. `failure` is a word for what went wrong, where it is the relay's fault. */
  end(attributes: CallAttributes, failure?: string): void;
}

export interface Telemetry {
  /** Begins to record a call. Undefined where it is not sampled, by the caller's `traceparent` or by the sampler. */
  begin(name: string, headers: IncomingHttpHeaders, attributes: CallAttributes): ObservedCall | undefined;
  /** The answers of a ruleset, of which each that is given belongs to the call that is being answered. */
  answersOf(snapshot: Snapshot): Answers;
  /** What waits to be sent. */
  queued(): { spans: number; events: number };
  /** Sends what waits, for no longer than that; what is left then is dropped and counted. Never rejects. */
  stop(withinMs: number): Promise<void>;
}

/** Who records. */
export interface Identity {
  version: string;
  environment: string;
  instanceId: string;
}
