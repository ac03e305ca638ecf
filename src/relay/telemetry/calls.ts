// The span of a call, and a `feature_flag.evaluation` event for each flag that it evaluated.
// Source: OpenTelemetry's semantic conventions for HTTP, RPC and feature flags.
import {
  type Attributes,
  type Context,
  defaultTextMapGetter,
  type Logger as EventLogger,
  ROOT_CONTEXT,
  SeverityNumber,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import type { Decision } from '../../model/decision.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { type Answer, errorDetails } from '../answer.ts';
import { Answers } from '../answers.ts';
import type { Standing } from '../standing.ts';
import type { CallAttributes, ObservedCall, Telemetry } from '../telemetry.ts';

/** A call that evaluates more flags has their number in its span, and no events: a web client fetches all flags ahead. */
const MOST_EVENTS = 20;

export interface Recording {
  tracer: Tracer;
  /** False where events alone are sent; the sampler decides about them all the same. */
  sendsSpans: boolean;
  /** Undefined where no log records are sent: events are then the span's. */
  events: EventLogger | undefined;
}

/** Which ruleset decided, in the words of the convention. */
type RulesetAttributes = { 'feature_flag.set.id': string; 'feature_flag.version': string };

export class Calls implements Pick<Telemetry, 'begin' | 'answersOf'> {
  readonly #recording: Recording;
  readonly #propagator = new W3CTraceContextPropagator();
  /** The call that is being answered. Answering is synchronous, so there is at most one. */
  current: Call | undefined;

  constructor(recording: Recording) {
    this.#recording = recording;
  }

  begin(
    name: string,
    headers: Parameters<Telemetry['begin']>[1],
    attributes: CallAttributes,
  ): ObservedCall | undefined {
    const parent = this.#propagator.extract(ROOT_CONTEXT, headers, defaultTextMapGetter);
    const span = this.#recording.tracer.startSpan(name, { kind: SpanKind.SERVER, attributes }, parent);
    return span.isRecording() ? new Call(this, this.#recording, span, parent) : undefined;
  }

  answersOf({ project, environment, revision, digest }: Snapshot): Answers {
    return new ObservedAnswers(this, {
      'feature_flag.set.id': `${project}/${environment}`,
      'feature_flag.version': `${revision}-${digest.slice(0, 16)}`,
    });
  }
}

class ObservedAnswers extends Answers {
  readonly #calls: Calls;
  readonly #ruleset: RulesetAttributes;

  constructor(calls: Calls, ruleset: RulesetAttributes) {
    super();
    this.#calls = calls;
    this.#ruleset = ruleset;
  }

  override give(decision: Decision): Answer {
    this.#calls.current?.gave(decision, this.#ruleset);
    return super.give(decision);
  }

  override giveEvery(decisions: readonly Decision[]): Standing {
    const { current } = this.#calls;
    if (current) for (const decision of decisions) current.gave(decision, this.#ruleset);
    return super.giveEvery(decisions);
  }
}

class Call implements ObservedCall {
  readonly #calls: Calls;
  readonly #recording: Recording;
  readonly #span: Span;
  readonly #parent: Context;
  readonly #decisions: Decision[] = [];
  #ruleset: RulesetAttributes | undefined;
  #evaluations = 0;
  #failures = 0;

  constructor(calls: Calls, recording: Recording, span: Span, parent: Context) {
    this.#calls = calls;
    this.#recording = recording;
    this.#span = span;
    this.#parent = parent;
  }

  get traceId(): string {
    return this.#span.spanContext().traceId;
  }

  get flag(): string | undefined {
    const [decision] = this.#decisions;
    return this.#evaluations === 1 && decision && isKnown(decision) ? decision.flag : undefined;
  }

  answer<Result>(work: () => Result): Result {
    this.#calls.current = this;
    try {
      return work();
    } finally {
      this.#calls.current = undefined;
    }
  }

  gave(decision: Decision, ruleset: RulesetAttributes): void {
    this.#ruleset = ruleset;
    this.#evaluations++;
    if (decision.errorCode) this.#failures++;
    if (this.#decisions.length < MOST_EVENTS) this.#decisions.push(decision);
  }

  end(attributes: CallAttributes, failure?: string): void {
    const span = this.#span;
    span.setAttributes(attributes);
    if (this.#ruleset) {
      span.setAttributes({
        ...this.#ruleset,
        'halyard.evaluations': this.#evaluations,
        'halyard.evaluation_errors': this.#failures,
      });
      if (this.#evaluations <= MOST_EVENTS) this.#tellEach(this.#ruleset);
    }
    if (failure !== undefined)
      span.setAttribute('error.type', failure).setStatus({ code: SpanStatusCode.ERROR });
    span.end();
  }

  #tellEach(ruleset: RulesetAttributes): void {
    const { events, sendsSpans } = this.#recording;
    const eventName = 'feature_flag.evaluation';
    // Without spans, an event belongs to the caller's own.
    const context = sendsSpans ? trace.setSpan(this.#parent, this.#span) : this.#parent;
    for (const decision of this.#decisions) {
      const attributes = { ...eventAttributes(decision), ...ruleset };
      if (events) events.emit({ eventName, severityNumber: SeverityNumber.INFO, attributes, context });
      else this.#span.addEvent(eventName, attributes);
    }
  }
}

/** Neither the context nor the value, which may be secret; and no key that there is not, since that is the caller's word. */
function eventAttributes(decision: Decision): Attributes {
  const { flag, variation, reason, errorCode } = decision;
  return {
    'feature_flag.key': isKnown(decision) ? flag : '',
    'feature_flag.provider.name': 'halyard',
    'feature_flag.result.reason': reason.toLowerCase(),
    ...(variation !== undefined && { 'feature_flag.result.variant': variation }),
    ...(errorCode && { 'error.type': errorCode.toLowerCase(), 'error.message': errorDetails(errorCode) }),
  };
}

function isKnown({ errorCode }: Decision): boolean {
  return errorCode !== 'FLAG_NOT_FOUND';
}
