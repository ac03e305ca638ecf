// What every route of a relay works on.
import { hash } from 'node:crypto';
import type { Logger } from '../io/log.ts';
import type { Decision } from '../model/decision.ts';
import type { Counters } from './counters.ts';
import type { EventFacts, Events } from './events.ts';
import type { SourceHealth } from './health.ts';
import type { LargeBodies } from './large/bodies.ts';
import type { RateLimit } from './rate-limit.ts';
import type { Served, SnapshotStore } from './snapshot-store.ts';
import type { Telemetry } from './telemetry.ts';
import type { Usage } from './usage.ts';

export interface RelayCore {
  readonly environment: string;
  readonly version: string;
  readonly instanceId: string;
  readonly sourceKind: string;
  readonly store: SnapshotStore;
  readonly health: SourceHealth;
  readonly counters: Counters;
  /** What large bodies ask for, by every protocol. */
  readonly large: LargeBodies;
  readonly log: Logger;
  /** By `performance.now()`, which no setting of the clock moves. */
  readonly startedAtMs: number;
  /** The clock, in epoch milliseconds. */
  readonly now: () => number;
  /** The hash that the source's audit chain holds for an entry; null = it has none, undefined = it cannot tell now. */
  readonly linkedHash?: (entry: number) => Promise<string | null | undefined>;
  /** True from the moment at which the relay was asked to stop. */
  readonly isStopping: () => boolean;
  /** Asked once for each call that evaluates, by every protocol; left out, there is no limit. */
  readonly rateLimit?: RateLimit | undefined;
  /** Records calls for OpenTelemetry; left out, none is recorded. */
  readonly telemetry?: Telemetry | undefined;
  /** Takes exposures, and what apps track; left out, there is no collector for them. */
  readonly events?: Events | undefined;
  /** How it stands with events in all processes of this relay; left out, there is no collector. */
  eventFacts?: (() => EventFacts) | undefined;
  /** What the status says of events, where another process knows it; left out, this one does. */
  askEventStatus?: (() => Promise<object | undefined>) | undefined;
  /** The swaps that clients may be told of, where other processes of this relay answer too; left out, those of the store. */
  spread?: Pick<SnapshotStore, 'onSwap'> | undefined;
  /** The processes that answer; left out, this one does. */
  workers?: (() => Workers) | undefined;
  /** What those use beside this process, those that have ended included; only where they are this one's. */
  workersUsage?: (() => Usage) | undefined;
}

export interface Workers {
  /** How many there are to be. */
  wanted: number;
  /** How many answer now; none while the first snapshot is on its way to one that has connections. */
  up: number;
  /** How many have ended without being asked to, since the relay began. */
  lost: number;
}

/** True while the relay has what it answers from, and was not asked to stop. */
export function isReady({
  store,
  isStopping,
  workers,
}: Pick<RelayCore, 'store' | 'isStopping' | 'workers'>): boolean {
  return store.served !== undefined && !isStopping() && workers?.().up !== 0;
}

/** The decision while there is no snapshot yet. */
export function notReady(flag: string, environment: string): Decision {
  return { flag, reason: 'ERROR', errorCode: 'PROVIDER_NOT_READY', metadata: { environment } };
}

/** Called after what took its time. What a ruleset that was swapped out meanwhile had been asked was counted then; this was not. */
export function countLate(
  { store, counters }: Pick<RelayCore, 'store' | 'counters'>,
  { answers }: Pick<Served, 'answers'>,
): void {
  if (store.served?.answers !== answers) void counters.evaluations.catchUp(answers);
}

/** An entity tag that says "means the same", not "is the same bytes". */
export function weakTag(text: string): string {
  return `W/"${hash('sha256', text, 'base64url').slice(0, 22)}"`;
}

/** Whether an If-None-Match header names the tag (RFC 9110 §13.1.2: weak comparison). */
export function matchesTag(header: string | undefined, tag: string): boolean {
  if (header === undefined) return false;
  if (header === tag || header.trim() === '*') return true;
  const bare = (text: string) => text.trim().replace(/^W\//, '');
  // A header may name thousands; taking it apart is for those that name this one.
  if (!header.includes(bare(tag))) return false;
  return header.split(',').some((candidate) => bare(candidate) === bare(tag));
}
