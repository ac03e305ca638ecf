// The metrics of the relay's processes, by the names that Prometheus' own clients use, and which build they run.
import { readdir, readFile } from 'node:fs/promises';
import { ownUsage, type Usage } from '../usage.ts';
import type { Metric, Sample } from './text.ts';
import type { MetricsView } from './view.ts';

export function processRows(relay: MetricsView): Metric[] {
  const { version, sourceKind, environment } = relay;
  const startedSeconds = Date.now() / 1000 - process.uptime();
  const used = (part: keyof Usage): number =>
    ownUsage(relay.telemetry)[part] + (relay.workersUsage?.()[part] ?? 0);
  return [
    {
      name: 'halyard_build_info',
      help: '1, with the version that runs, the environment that is served, and the kind of its source.',
      type: 'gauge',
      read: () => [[1, { version, node: process.version, environment, source: sourceKind }]],
    },
    {
      name: 'process_cpu_seconds_total',
      help: 'CPU time spent, by workers too.',
      type: 'counter',
      read: () => [[used('cpuSeconds')]],
    },
    {
      name: 'process_resident_memory_bytes',
      help: 'Resident memory, that of workers too.',
      type: 'gauge',
      read: () => [[used('residentBytes')]],
    },
    {
      name: 'process_start_time_seconds',
      help: 'Start of the process, in seconds since 1970.',
      type: 'gauge',
      read: () => [[startedSeconds]],
    },
    {
      name: 'process_open_fds',
      help: 'Open file descriptors of the process that is scraped. Only where the system tells.',
      type: 'gauge',
      read: () => ifTold(async () => (await readdir('/proc/self/fd')).length - 1),
    },
    {
      name: 'process_max_fds',
      help: 'How many file descriptors may be open. Only where the system tells.',
      type: 'gauge',
      read: () => ifTold(async () => softLimitOf(await readFile('/proc/self/limits', 'utf8'))),
    },
    {
      name: 'nodejs_heap_size_used_bytes',
      help: 'Of the JavaScript heap, what is in use or not collected yet, by workers too.',
      type: 'gauge',
      read: () => [[used('heapBytes')]],
    },
    {
      name: 'nodejs_eventloop_time_seconds_total',
      help: 'Time that the event loop was at work, or waited for something to do; where there are workers, theirs.',
      type: 'counter',
      // With workers, this process only hands connections on; its idling would hide that they are busy.
      read: () => {
        const { activeSeconds, idleSeconds } = relay.workersUsage?.() ?? ownUsage(relay.telemetry);
        return [
          [activeSeconds, { state: 'active' }],
          [idleSeconds, { state: 'idle' }],
        ];
      },
    },
    ...workerRows(relay),
  ];
}

function workerRows({ workers }: MetricsView): Metric[] {
  return [
    {
      name: 'halyard_workers',
      help: 'Processes that are to answer, and that do. Only with --workers.',
      type: 'gauge',
      read: () => {
        if (!workers) return [];
        const { wanted, up } = workers();
        return [
          [wanted, { state: 'wanted' }],
          [up, { state: 'up' }],
        ];
      },
    },
    {
      name: 'halyard_workers_lost_total',
      help: 'Workers that have ended without being asked to. Each is started again.',
      type: 'counter',
      read: () => (workers ? [[workers().lost]] : []),
    },
  ];
}

/** Nothing on systems without /proc. */
async function ifTold(read: () => Promise<number>): Promise<Sample[]> {
  const value = await read().catch(() => Number.NaN);
  return Number.isNaN(value) ? [] : [[value]];
}

function softLimitOf(limits: string): number {
  return Number(/^Max open files +(\d+)/m.exec(limits)?.[1]);
}
