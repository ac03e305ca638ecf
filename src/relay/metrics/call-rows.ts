// The metrics of what is asked: evaluations, how long they took, load, streams, and what is told to OpenTelemetry.
import {
  type Delivery,
  type Evaluations,
  LATENCY_BOUNDS_S,
  type Latency,
  type Refusal,
} from '../counters.ts';
import { byWord } from './by-word.ts';
import type { Metric, Sample } from './text.ts';
import type { MetricsView, StreamsView } from './view.ts';

/** The compiler asks for each, so that each is there from the beginning. */
const REFUSALS: { readonly [reason in Refusal]: true } = {
  too_many: true,
  unread: true,
  pipelined: true,
  rate: true,
  host: true,
  token: true,
};
const DELIVERIES: readonly Delivery[] = ['sent', 'failed', 'dropped'];

export function evaluationRows({ counters, store }: MetricsView): Metric[] {
  return [
    {
      name: 'halyard_evaluations_total',
      help: 'Evaluations by flag, reason and variation. Unknown flags count under an empty flag.',
      type: 'counter',
      read: async () => {
        await counters.evaluations.catchUp(store.served?.answers);
        return evaluationSamples(counters.evaluations);
      },
    },
    {
      name: 'halyard_evaluation_duration_seconds',
      help: "Time from a read request to its answer's text, by API.",
      type: 'histogram',
      read: () => Object.entries(counters.latency).flatMap(([api, latency]) => latencySamples(api, latency)),
    },
  ];
}

function* evaluationSamples(evaluations: Evaluations): Generator<Sample> {
  for (const { count, flag, reason, variation } of evaluations.all()) {
    yield [count, { flag, reason, variation }];
  }
}

/** A histogram's buckets each hold those before. */
function latencySamples(api: string, { counts, sumSeconds }: Latency): Sample[] {
  let sum = 0;
  const buckets = Array.from(counts, (count, at): Sample => {
    sum += count;
    return [sum, { api, le: String(LATENCY_BOUNDS_S[at] ?? '+Inf') }, '_bucket'];
  });
  return [...buckets, [sumSeconds, { api }, '_sum'], [sum, { api }, '_count']];
}

export function loadRows(
  { counters }: MetricsView,
  streams: StreamsView,
  connections: () => Promise<number>,
): Metric[] {
  return [
    {
      name: 'halyard_connections',
      help: 'Open connections.',
      type: 'gauge',
      read: async () => [[await connections()]],
    },
    {
      name: 'halyard_connections_dropped_total',
      help: 'Connections dropped because too many were open.',
      type: 'counter',
      read: () => [[counters.connectionsDropped]],
    },
    {
      name: 'halyard_requests_in_flight',
      help: 'Requests that are being answered.',
      type: 'gauge',
      read: () => [[counters.requestsInFlight]],
    },
    {
      name: 'halyard_requests_refused_total',
      help: 'Requests that were refused, by reason.',
      type: 'counter',
      read: () => byWord('reason', counters.refusedRequests, Object.keys(REFUSALS) as Refusal[]),
    },
    { name: 'halyard_streams', help: 'Open event streams.', type: 'gauge', read: () => [[streams.size]] },
    {
      name: 'halyard_stream_queue_bytes',
      help: 'Bytes that wait for clients of event streams.',
      type: 'gauge',
      read: () => [[streams.bufferedBytes]],
    },
    {
      name: 'halyard_streams_dropped_total',
      help: 'Event streams dropped because the client was too slow.',
      type: 'counter',
      read: () => [[counters.streamsDropped]],
    },
  ];
}

export function telemetryRows({ counters, telemetry, workersUsage }: MetricsView): Metric[] {
  const signals = { spans: counters.telemetrySpans, events: counters.telemetryEvents } as const;
  return [
    {
      name: 'halyard_telemetry_items_total',
      help: 'Spans and events for OpenTelemetry, by what became of them; dropped: their queue was full.',
      type: 'counter',
      read: () =>
        Object.entries(signals).flatMap(([signal, counts]) =>
          byWord('result', counts, DELIVERIES).map(
            ([value, labels]): Sample => [value, { signal, ...labels }],
          ),
        ),
    },
    {
      name: 'halyard_telemetry_queue_items',
      help: 'Spans and events that wait to be sent.',
      type: 'gauge',
      read: () => {
        if (!telemetry) return [];
        const { spans, events } = telemetry.queued();
        const { queuedSpans = 0, queuedEvents = 0 } = workersUsage?.() ?? {};
        return [
          [spans + queuedSpans, { signal: 'spans' }],
          [events + queuedEvents, { signal: 'events' }],
        ];
      },
    },
  ];
}
