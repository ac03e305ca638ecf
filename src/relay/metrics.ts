// Prometheus metrics: the one table of them, read and written when they are asked for.
import { evaluationRows, loadRows, telemetryRows } from './metrics/call-rows.ts';
import { eventRows } from './metrics/event-rows.ts';
import { processRows } from './metrics/process-rows.ts';
import { snapshotRows, sourceRows } from './metrics/snapshot-rows.ts';
import { type Metric, TEXT_TYPE, textOf } from './metrics/text.ts';
import type { MetricsView, StreamsView } from './metrics/view.ts';
import { inSlices } from './slices.ts';

/** Every metric, in the order in which they are written. */
export function metricTable(
  relay: MetricsView,
  streams: StreamsView,
  connections: () => Promise<number>,
): Metric[] {
  return [
    ...snapshotRows(relay),
    ...sourceRows(relay),
    ...loadRows(relay, streams, connections),
    ...eventRows(relay),
    ...telemetryRows(relay),
    ...processRows(relay),
    ...evaluationRows(relay),
  ];
}

/** Returns a function that gives the metrics' text, with its content type. It works in slices of 2 ms. */
export function createMetrics(
  relay: MetricsView,
  streams: StreamsView,
  connections: () => Promise<number>,
): () => Promise<{ type: string; text: string }> {
  const table = metricTable(relay, streams, connections);
  return async () => {
    const parts: string[] = [];
    for (const metric of table) parts.push(await inSlices(textOf(metric, await metric.read())));
    return { type: TEXT_TYPE, text: parts.join('') };
  };
}
