// The metrics of the process, by the names that Prometheus' own clients use, and which build it runs.
import { readdir, readFile } from 'node:fs/promises';
import type { Metric, Sample } from './text.ts';
import type { MetricsView } from './view.ts';

export function processRows(relay: MetricsView): Metric[] {
  const { version, sourceKind, environment, workers, workersUsage } = relay;
  const startedSeconds = Date.now() / 1000 - process.uptime();
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
      read: () => {
        const { user, system } = process.cpuUsage();
        return [[(user + system) / 1e6 + (workersUsage?.().cpuSeconds ?? 0)]];
      },
    },
    {
      name: 'process_resident_memory_bytes',
      help: 'Resident memory, that of workers too.',
      type: 'gauge',
      read: () => [[process.memoryUsage.rss() + (workersUsage?.().residentBytes ?? 0)]],
    },
    {
      name: 'process_start_time_seconds',
      help: 'Start of the process, in seconds since 1970.',
      type: 'gauge',
      read: () => [[startedSeconds]],
    },
    {
      name: 'process_open_fds',
      help: 'Open file descriptors. Only where the system tells.',
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
      help: 'Of the JavaScript heap, what is in use or not collected yet.',
      type: 'gauge',
      read: () => [[process.memoryUsage().heapUsed]],
    },
    {
      name: 'nodejs_eventloop_time_seconds_total',
      help: 'Time that the event loop was at work, or waited for something to do.',
      type: 'counter',
      read: () => {
        const { active, idle } = performance.eventLoopUtilization();
        return [
          [active / 1000, { state: 'active' }],
          [idle / 1000, { state: 'idle' }],
        ];
      },
    },
    ...(workers ? workerRows(workers) : []),
  ];
}

function workerRows(workers: NonNullable<MetricsView['workers']>): Metric[] {
  return [
    {
      name: 'halyard_workers',
      help: 'Processes that are to answer, and that do.',
      type: 'gauge',
      read: () => [
        [workers().wanted, { state: 'wanted' }],
        [workers().up, { state: 'up' }],
      ],
    },
    {
      name: 'halyard_workers_lost_total',
      help: 'Workers that have ended without being asked to. Each is started again.',
      type: 'counter',
      read: () => [[workers().lost]],
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
