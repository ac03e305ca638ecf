// How it stands with events in all workers together.
import type { EventFacts } from '../events.ts';

/** Sums of what waits, the oldest of all, and the first fault there is. */
export function sumOfFacts(all: readonly EventFacts[]): EventFacts {
  const oldest = all.flatMap(({ oldestAtMs }) => oldestAtMs ?? []);
  const spools = all.flatMap(({ spoolBytes }) => spoolBytes ?? []);
  const personal = [...new Set(all.flatMap((facts) => facts.personal ?? []))];
  const delivery = all.find((facts) => facts.delivery)?.delivery;
  const spool = all.find((facts) => facts.spool)?.spool;
  return {
    bufferBytes: all.reduce((sum, { bufferBytes }) => sum + bufferBytes, 0),
    ...(spools.length > 0 && { spoolBytes: spools.reduce((sum, bytes) => sum + bytes, 0) }),
    ...(oldest.length > 0 && { oldestAtMs: Math.min(...oldest) }),
    ...(delivery && { delivery }),
    ...(spool && { spool }),
    ...(personal.length > 0 && { personal }),
  };
}
