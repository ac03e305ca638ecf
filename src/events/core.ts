// The parts of a running collector that its routes, metrics and status look at.
import type { Registry } from 'prom-client';
import type { Pool } from '../db/pool.ts';
import type { Room } from './body.ts';
import type { Catalogue } from './catalogue.ts';
import type { Committer } from './committer.ts';
import type { Counters } from './counters.ts';
import type { IntakeOptions } from './intake.ts';
import type { CheckedOptions } from './options.ts';
import type { RefusalLog } from './refusal-log.ts';

export interface CollectorMetrics {
  registry: Registry;
  onCommit: (events: number, tookMs: number) => void;
  onFresh: (ageMs: number) => void;
}

export interface CollectorCore {
  options: CheckedOptions;
  reader: Pool;
  catalogue: Catalogue;
  committer: Committer;
  counters: Counters;
  refusals: RefusalLog;
  room: Room;
  intake: IntakeOptions;
  metrics: CollectorMetrics;
  retention: RetentionState;
  startedAtMs: number;
  isStopping: () => boolean;
}

export interface RetentionState {
  lastSweepAtMs: number | undefined;
  fault: { error: Error; atMs: number } | undefined;
}

/** After a transaction that failed, nobody is sent here for so long; who comes then shows whether it is over. */
const SPARED_MS = 5_000;

/** Why PostgreSQL does not take events, as of its last answers; undefined where it does. */
export function databaseFaultOf({
  catalogue,
  committer,
  options,
}: CollectorCore): { error: Error; sinceMs: number } | undefined {
  if (catalogue.fault) return catalogue.fault;
  const { fault } = committer;
  return fault && Math.abs(options.now() - fault.lastMs) < SPARED_MS ? fault : undefined;
}

/** There are definitions, PostgreSQL takes events, and nobody asked the collector to stop. */
export function isReady(core: CollectorCore): boolean {
  return core.catalogue.applied !== undefined && databaseFaultOf(core) === undefined && !core.isStopping();
}
