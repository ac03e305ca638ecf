// Makes what every route of a relay works on, out of the relay's options.
import { setFlagsFromString } from 'node:v8';
import type { RelayCore } from './core.ts';
import { Counters } from './counters.ts';
import { SourceHealth } from './health.ts';
import { LargeBodies } from './large/bodies.ts';
import { ReaderThread } from './large/reader.ts';
import type { CheckedOptions } from './options.ts';
import { RateLimit } from './rate-limit.ts';
import { SnapshotStore } from './snapshot-store.ts';
import { startTelemetry } from './telemetry/start.ts';

/** What the process knows itself. */
export type Surroundings = Pick<RelayCore, 'sourceKind' | 'isStopping' | 'linkedHash' | 'workers'> & {
  startedAtMs?: number;
};

/** A relay without a snapshot, which knows nothing of its source yet. */
export async function newCore(options: CheckedOptions, surroundings: Surroundings): Promise<RelayCore> {
  const { environment, version, instanceId, log, acceptRewind = false, rateLimit } = options;
  // While definitions are compiled, V8 sees objects of many kinds live long. It would make those of each request where only a full
  // collection frees them, and until then keep all that they point at: half of what a collection of short-lived ones should free.
  setFlagsFromString('--no-allocation-site-pretenuring');
  const counters = new Counters();
  const telemetry = options.telemetry && (await startTelemetry(options.telemetry, options, counters, log));
  const store = new SnapshotStore({ acceptRewind, answersOf: telemetry?.answersOf });
  const events = await eventsOf(options, { store, counters, log, now: Date.now });
  return {
    environment,
    version,
    instanceId,
    store,
    health: new SourceHealth(Date.now),
    counters,
    large: new LargeBodies(new ReaderThread(log)),
    log,
    startedAtMs: performance.now(),
    now: Date.now,
    telemetry,
    events,
    eventFacts: events && (() => events.facts()),
    rateLimit: rateLimit === undefined ? undefined : new RateLimit(rateLimit),
    ...surroundings,
  };
}

/** None of it is loaded where there is no collector. */
async function eventsOf(
  options: CheckedOptions,
  surroundings: Pick<RelayCore, 'store' | 'counters' | 'log' | 'now'>,
): Promise<RelayCore['events']> {
  if (options.collector === undefined) return undefined;
  const { startEvents } = await import('./events/start.ts');
  return startEvents(options, surroundings);
}
