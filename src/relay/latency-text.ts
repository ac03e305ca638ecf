// The latency histogram in Prometheus' text format. prom-client counts each observation by itself; these were counted on the way.
import { type Counters, LATENCY_BOUNDS_S, type Latency } from './counters.ts';

const NAME = 'halyard_evaluation_duration_seconds';

/** The lines of the histogram, one series for each API. */
export function latencyText({ latency }: Counters): string {
  const lines = [
    `# HELP ${NAME} Time from a read request to its answer's text, by API.`,
    `# TYPE ${NAME} histogram`,
    ...Object.entries(latency).flatMap(([api, ofApi]) => histogramLines(api, ofApi)),
  ];
  return `${lines.join('\n')}\n`;
}

function histogramLines(api: string, latency: Latency): string[] {
  let sum = 0;
  const buckets = Array.from(latency.counts, (count, at) => {
    sum += count;
    return `${NAME}_bucket{api="${api}",le="${LATENCY_BOUNDS_S[at] ?? '+Inf'}"} ${sum}`;
  });
  return [
    ...buckets,
    `${NAME}_sum{api="${api}"} ${latency.sumSeconds}`,
    `${NAME}_count{api="${api}"} ${sum}`,
  ];
}
