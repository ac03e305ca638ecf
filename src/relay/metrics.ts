// Prometheus metrics: the one table of them, made of the plain counts when they are asked for.
import { Counter, Gauge, Registry } from 'prom-client';
import type { RelayCore } from './core.ts';
import type { Streams } from './http/streams.ts';
import { latencyText } from './latency-text.ts';
import { standingOverrides } from './overrides.ts';

interface MetricRow {
  name: string;
  help: string;
  type: 'counter' | 'gauge';
  /** The values now, each with its labels. */
  read: () => Iterable<Sample> | Promise<Iterable<Sample>>;
  labels?: readonly string[];
}

type Sample = [value: number, labels?: { [name: string]: string }];

/** Returns a function that gives the metrics' text, with its content type. */
export function createMetrics(
  relay: RelayCore,
  streams: Pick<Streams, 'size' | 'bufferedBytes'>,
  connections: () => Promise<number>,
): () => Promise<{ type: string; text: string }> {
  const registry = new Registry();
  for (const row of [...snapshotRows(relay), ...requestRows(relay, streams, connections), ...processRows()]) {
    register(registry, row);
  }
  return async () => {
    const { served } = relay.store;
    if (served) relay.counters.evaluations.take(served.answers);
    return {
      type: registry.contentType,
      text: `${await registry.metrics()}\n${latencyText(relay.counters)}`,
    };
  };
}

function snapshotRows({ store, health, counters, now, sourceKind }: RelayCore): MetricRow[] {
  const ifServed = (read: (served: NonNullable<typeof store.served>) => number) => (): Sample[] =>
    store.served ? [[read(store.served)]] : [];
  return [
    gauge(
      'halyard_snapshot_revision',
      'The revision that is served.',
      ifServed((served) => served.snapshot.revision),
    ),
    gauge(
      'halyard_snapshot_definitions',
      'Definitions that are served.',
      ifServed((served) => served.snapshot.definitions.length),
    ),
    gauge(
      'halyard_snapshot_compile_seconds',
      'How long the served snapshot took to compile.',
      ifServed((served) => served.compileMs / 1000),
    ),
    gauge(
      'halyard_overrides',
      'Emergency overrides that stand.',
      ifServed((served) => standingOverrides(served.snapshot, now()).length),
    ),
    gauge(
      'halyard_snapshot_age_seconds',
      'Since the source last confirmed that what is served is its newest.',
      () => (health.confirmedAtMs === undefined ? [] : [[(now() - health.confirmedAtMs) / 1000]]),
    ),
    gauge('halyard_snapshot_stale', '1 where what is served may be older than what the source holds.', () => [
      [Number(health.stale)],
    ]),
    gauge(
      'halyard_source_up',
      '1 while the source answers with what can be served.',
      () => [[Number(health.state === 'current'), { source: sourceKind }]],
      ['source'],
    ),
    gauge(
      'halyard_source_rewound',
      '1 while the audit chain of the source lacks an entry that was seen, so that nothing is taken from it.',
      () => [[Number(health.fault?.code === 'rewound')]],
    ),
    gauge('halyard_witness_entry', 'The last audit entry that was seen.', () =>
      store.witness ? [[store.witness.entry]] : [],
    ),
    counter('halyard_snapshot_swaps_total', 'Snapshots that were taken.', () => [[counters.swaps]]),
    counter(
      'halyard_snapshots_rejected_total',
      'Snapshots that were refused, by reason.',
      () => byWord(counters.rejectedSnapshots, 'reason'),
      ['reason'],
    ),
    counter(
      'halyard_source_faults_total',
      'Faults of the source, by code.',
      () => byWord(counters.sourceFaults, 'code'),
      ['code'],
    ),
    counter(
      'halyard_cache_writes_total',
      'Snapshots written to the disk cache, by result.',
      () => byWord(counters.cacheWrites, 'result'),
      ['result'],
    ),
  ];
}

function requestRows(
  { counters }: RelayCore,
  streams: Pick<Streams, 'size' | 'bufferedBytes'>,
  connections: () => Promise<number>,
): MetricRow[] {
  return [
    counter(
      'halyard_evaluations_total',
      'Evaluations by flag, reason and variation. Unknown flags count under an empty flag.',
      () => evaluations(counters),
      ['flag', 'reason', 'variation'],
    ),
    gauge('halyard_connections', 'Open connections.', async () => [[await connections()]]),
    counter('halyard_connections_dropped_total', 'Connections dropped because too many were open.', () => [
      [counters.connectionsDropped],
    ]),
    gauge('halyard_requests_in_flight', 'Requests that are being answered.', () => [
      [counters.requestsInFlight],
    ]),
    counter(
      'halyard_requests_refused_total',
      'Requests that were refused, by reason.',
      () => byWord(counters.refusedRequests, 'reason'),
      ['reason'],
    ),
    gauge('halyard_streams', 'Open event streams.', () => [[streams.size]]),
    gauge('halyard_stream_queue_bytes', 'Bytes that wait for clients of event streams.', () => [
      [streams.bufferedBytes],
    ]),
    counter('halyard_streams_dropped_total', 'Event streams dropped because the client was too slow.', () => [
      [counters.streamsDropped],
    ]),
  ];
}

/** The names that Prometheus' own clients use. */
function processRows(): MetricRow[] {
  const startedSeconds = Date.now() / 1000 - process.uptime();
  const cpuSeconds = () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  };
  return [
    counter('process_cpu_seconds_total', 'CPU time spent.', () => [[cpuSeconds()]]),
    gauge('process_resident_memory_bytes', 'Resident memory.', () => [[process.memoryUsage.rss()]]),
    gauge('process_start_time_seconds', 'Start of the process, in seconds since 1970.', () => [
      [startedSeconds],
    ]),
  ];
}

function gauge(
  name: string,
  help: string,
  read: MetricRow['read'],
  labels: readonly string[] = [],
): MetricRow {
  return { name, help, type: 'gauge', read, labels };
}

function counter(
  name: string,
  help: string,
  read: MetricRow['read'],
  labels: readonly string[] = [],
): MetricRow {
  return { name, help, type: 'counter', read, labels };
}

function byWord(counts: ReadonlyMap<string, number>, label: string): Sample[] {
  return Array.from(counts, ([word, count]) => [count, { [label]: word }]);
}

function evaluations({ evaluations }: RelayCore['counters']): Sample[] {
  return Array.from(evaluations.all(), ({ count, flag, reason, variation }) => [
    count,
    { flag, reason, variation },
  ]);
}

function register(registry: Registry, { name, help, type, read, labels = [] }: MetricRow): void {
  const options = { name, help, labelNames: [...labels], registers: [registry] };
  if (type === 'gauge') {
    new Gauge({ ...options, collect: fill });
  } else {
    new Counter({ ...options, collect: fill });
  }
  async function fill(this: Gauge | Counter): Promise<void> {
    this.reset();
    // Without labels a reset leaves a 0, which would say something of what there is not.
    if (labels.length === 0) this.remove();
    for (const [value, sampleLabels = {}] of await read()) this.inc(sampleLabels, value);
  }
}
