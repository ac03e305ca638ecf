// What a process of a relay uses up, so that those of several processes can be added.
import type { Telemetry } from './telemetry.ts';

/** Seconds count from the process's start, and only grow. */
export interface Usage {
  cpuSeconds: number;
  residentBytes: number;
  heapBytes: number;
  /** How long the event loop was at work, and how long it waited for something to do. */
  activeSeconds: number;
  idleSeconds: number;
  /** What waits to be sent to OpenTelemetry. */
  queuedSpans: number;
  queuedEvents: number;
}

/** What stays in the sum when a process has ended. */
export const GROWING = ['cpuSeconds', 'activeSeconds', 'idleSeconds'] as const satisfies (keyof Usage)[];

/** What this process uses. */
export function ownUsage(telemetry: Telemetry | undefined): Usage {
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed } = process.memoryUsage();
  const { active, idle } = performance.eventLoopUtilization();
  const { spans, events } = telemetry?.queued() ?? { spans: 0, events: 0 };
  return {
    cpuSeconds: (user + system) / 1e6,
    residentBytes: rss,
    heapBytes: heapUsed,
    activeSeconds: active / 1000,
    idleSeconds: idle / 1000,
    queuedSpans: spans,
    queuedEvents: events,
  };
}

/** Puts together what is asked for one by one. */
export function usageBy(read: (part: keyof Usage) => number): Usage {
  return {
    cpuSeconds: read('cpuSeconds'),
    residentBytes: read('residentBytes'),
    heapBytes: read('heapBytes'),
    activeSeconds: read('activeSeconds'),
    idleSeconds: read('idleSeconds'),
    queuedSpans: read('queuedSpans'),
    queuedEvents: read('queuedEvents'),
  };
}
