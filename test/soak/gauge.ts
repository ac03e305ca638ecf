// Loaded into the relay by --import: prints what lives on after each of V8's own full collections, and each second which timers run.
import { constants, type PerformanceEntry, PerformanceObserver } from 'node:perf_hooks';
import { getHeapSpaceStatistics } from 'node:v8';

function tell(gauged: object): void {
  process.stdout.write(`${JSON.stringify({ msg: 'gauge', atMs: Date.now(), ...gauged })}\n`);
}

new PerformanceObserver((list) => {
  if (!list.getEntries().some(isFull)) return;
  const oldBytes = getHeapSpaceStatistics()
    .filter(({ space_name: name }) => !name.startsWith('new_'))
    .reduce((sum, { space_used_size: bytes }) => sum + bytes, 0);
  tell({ oldBytes });
}).observe({ entryTypes: ['gc'] });

setInterval(() => {
  tell({ timers: process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length });
}, 1_000).unref();

/** Node's types leave out that such an entry has details. */
function isFull(entry: PerformanceEntry): boolean {
  return (
    (entry as unknown as { detail: { kind: number } }).detail.kind === constants.NODE_PERFORMANCE_GC_MAJOR
  );
}
