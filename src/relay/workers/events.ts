// Events of a relay with workers: how it stands with them in all together, and what each rereads.
import type { RelayCore } from '../core.ts';
import type { EventFacts } from '../events.ts';

/** The primary has read the files too, so this fails only where they changed since. */
export async function rereadEvents({ events, log }: RelayCore): Promise<void> {
  await events?.reload().catch((error: Error) => log.warn({ reason: error.message }, 'not reloaded'));
}

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
