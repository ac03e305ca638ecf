// What metrics are read from: the parts of a relay that they look at.
import type { RelayCore } from '../core.ts';
import type { Streams } from '../http/streams.ts';

export type MetricsView = Pick<
  RelayCore,
  | 'environment'
  | 'version'
  | 'sourceKind'
  | 'store'
  | 'health'
  | 'counters'
  | 'now'
  | 'isStopping'
  | 'telemetry'
  | 'eventFacts'
  | 'workers'
  | 'workersUsage'
>;

export type StreamsView = Pick<Streams, 'size' | 'bufferedBytes'>;
