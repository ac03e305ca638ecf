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

/** There are definitions, PostgreSQL answered and wrote last time, and nobody asked the collector to stop. */
export function isReady({ catalogue, committer, options, isStopping }: CollectorCore): boolean {
  const failedMs = committer.fault?.lastMs ?? Number.NEGATIVE_INFINITY;
  const isSpared = Math.abs(options.now() - failedMs) < SPARED_MS;
  return catalogue.applied !== undefined && catalogue.fault === undefined && !isSpared && !isStopping();
}
