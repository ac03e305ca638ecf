// The fuzzed relay's HTTP server in a process of its own: tells its address, and when asked what it holds and what its log says.
import { readdirSync } from 'node:fs';
import { serve } from '../support.ts';
import { fuzzSnapshot } from './fuzz-snapshot.ts';

/** An unhandled rejection or an exception that nobody catches ends it, which the fuzzer sees. */
const server = await serve(fuzzSnapshot, { refusalsAtOnce: 1e9 });
process.send?.(server.url);
process.on('message', () => {
  global.gc?.();
  process.send?.({
    heapBytes: process.memoryUsage().heapUsed,
    fds: readdirSync('/proc/self/fd').length,
    timers: process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length,
    inFlight: server.counters.requestsInFlight,
    failures: server.lines().filter((line) => line.includes('request failed')),
  });
});
process.on('disconnect', () => process.exit());
