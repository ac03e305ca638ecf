// The metrics of what is served: the snapshot, its source, and the disk cache.
import { isReady } from '../core.ts';
import { standingOverrides } from '../overrides.ts';
import type { Served } from '../snapshot-store.ts';
import { byWord } from './by-word.ts';
import type { Metric, Sample } from './text.ts';
import type { MetricsView } from './view.ts';

const STATES = ['starting', 'current', 'faulty'] as const;

export function snapshotRows(relay: MetricsView): Metric[] {
  const { store, now, counters, sourceKind: source } = relay;
  const ifServed = (read: (served: Served) => number) => (): Sample[] =>
    store.served ? [[read(store.served)]] : [];
  return [
    {
      name: 'halyard_ready',
      help: '1 while there is a snapshot to answer from, and the relay was not asked to stop.',
      type: 'gauge',
      read: () => [[Number(isReady(relay))]],
    },
    {
      name: 'halyard_snapshot_info',
      help: '1, with the project and the environment that are served, and the kind of source that they come from.',
      type: 'gauge',
      read: () => {
        if (!store.served) return [];
        const { project, environment } = store.served.snapshot;
        return [[1, { project, environment, source }]];
      },
    },
    {
      name: 'halyard_snapshot_revision',
      help: 'The revision that is served.',
      type: 'gauge',
      read: ifServed(({ snapshot }) => snapshot.revision),
    },
    {
      name: 'halyard_snapshot_definitions',
      help: 'Definitions that are served.',
      type: 'gauge',
      read: ifServed(({ snapshot }) => snapshot.definitions.length),
    },
    {
      name: 'halyard_snapshot_compile_seconds',
      help: 'How long the served snapshot took to compile.',
      type: 'gauge',
      read: ifServed(({ compileMs }) => compileMs / 1000),
    },
    {
      name: 'halyard_snapshot_from_cache',
      help: '1 while what is served comes from the disk cache, and no source has confirmed it.',
      type: 'gauge',
      read: ifServed(({ fromCache }) => Number(fromCache)),
    },
    {
      name: 'halyard_overrides',
      help: 'Emergency overrides that stand.',
      type: 'gauge',
      read: ifServed(({ snapshot }) => standingOverrides(snapshot, now()).length),
    },
    {
      name: 'halyard_snapshot_swaps_total',
      help: 'Snapshots that were taken.',
      type: 'counter',
      read: () => [[counters.swaps]],
    },
    {
      name: 'halyard_snapshots_rejected_total',
      help: 'Snapshots that were refused, by reason.',
      type: 'counter',
      read: () =>
        byWord('reason', counters.rejectedSnapshots, [
          'does-not-compile',
          'older',
          'other-project',
          'rewound',
        ]),
    },
    {
      name: 'halyard_cache_writes_total',
      help: 'Writes to the disk cache, of snapshots and of what was seen of the audit chain, by result.',
      type: 'counter',
      read: () => byWord('result', counters.cacheWrites, ['written', 'failed']),
    },
    {
      name: 'halyard_cache_written_timestamp_seconds',
      help: 'When the disk cache was last written, in seconds since 1970.',
      type: 'gauge',
      read: () => (counters.cacheWrittenAtMs > 0 ? [[counters.cacheWrittenAtMs / 1000]] : []),
    },
  ];
}

export function sourceRows({ health, store, now, counters, sourceKind: source }: MetricsView): Metric[] {
  return [
    {
      name: 'halyard_snapshot_age_seconds',
      help: 'Since the source last confirmed that what is served is its newest.',
      type: 'gauge',
      read: () => (health.confirmedAtMs === undefined ? [] : [[(now() - health.confirmedAtMs) / 1000]]),
    },
    {
      name: 'halyard_snapshot_stale',
      help: '1 where what is served may be older than what the source holds.',
      type: 'gauge',
      read: () => [[Number(health.stale)]],
    },
    {
      name: 'halyard_source_up',
      help: '1 while the source answers with what can be served.',
      type: 'gauge',
      read: () => [[Number(health.state === 'current'), { source }]],
    },
    {
      name: 'halyard_source_state',
      help: '1 for the state that the source is in: starting, current or faulty.',
      type: 'gauge',
      read: () => STATES.map((state): Sample => [Number(health.state === state), { source, state }]),
    },
    {
      name: 'halyard_source_faults_total',
      help: 'Faults of the source, by code.',
      type: 'counter',
      read: () => byWord('code', counters.sourceFaults),
    },
    {
      name: 'halyard_source_rewound',
      help: '1 while the audit chain of the source lacks an entry that was seen, so that nothing is taken from it.',
      type: 'gauge',
      read: () => [[Number(health.fault?.code === 'rewound')]],
    },
    {
      name: 'halyard_witness_entry',
      help: 'The last audit entry that was seen.',
      type: 'gauge',
      read: () => (store.witness ? [[store.witness.entry]] : []),
    },
  ];
}
