// What the status says of events: where they go, how many came of it, what waits, and what is wrong.
import type { RelayCore } from './core.ts';
import type { EventFault } from './events.ts';

/** Undefined where there is no collector. */
export function eventStatusOf({
  eventFacts,
  counters,
  now,
}: Pick<RelayCore, 'eventFacts' | 'counters' | 'now'>): object | undefined {
  if (!eventFacts) return undefined;
  const { bufferBytes, spoolBytes, oldestAtMs, delivery, spool, personal } = eventFacts();
  return {
    accepted: Object.fromEntries(counters.eventsAccepted),
    delivered: counters.eventsDelivered,
    refused: Object.fromEntries(counters.eventsRefused),
    dropped: Object.fromEntries(counters.eventsDropped),
    bufferBytes,
    ...(oldestAtMs !== undefined && { oldestMs: Math.max(0, now() - oldestAtMs) }),
    delivery: stateOf(delivery),
    ...(spoolBytes !== undefined && { spool: { bytes: spoolBytes, ...stateOf(spool) } }),
    ...(personal && { withoutUnitKey: personal }),
  };
}

function stateOf(fault: EventFault | undefined): object {
  if (!fault) return { state: 'well' };
  const { code, message, atMs } = fault;
  return { state: 'faulty', lastError: { code, message, since: new Date(atMs).toISOString() } };
}
