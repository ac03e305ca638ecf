// Loaded into the relay by --import: after each of V8's own full collections it prints what lives on, and which timers run.
import { constants, type PerformanceEntry, PerformanceObserver } from 'node:perf_hooks';
import { getHeapSpaceStatistics } from 'node:v8';

new PerformanceObserver((list) => {
  if (!list.getEntries().some(isFull)) return;
  const oldBytes = getHeapSpaceStatistics()
    .filter(({ space_name: name }) => !name.startsWith('new_'))
    .reduce((sum, { space_used_size: bytes }) => sum + bytes, 0);
  const timers = process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  const second = performance.now() / 1_000;
  process.stdout.write(`${JSON.stringify({ msg: 'gauge', second, oldBytes, timers })}\n`);
}).observe({ entryTypes: ['gc'] });

/** Node's types leave out that such an entry has details. */
function isFull(entry: PerformanceEntry): boolean {
  return (
    (entry as unknown as { detail: { kind: number } }).detail.kind === constants.NODE_PERFORMANCE_GC_MAJOR
  );
}
