// What the primary process of a relay and its workers say to each other. A channel keeps the order of what is sent.
import type { EnvironmentDefinition, Snapshot } from '../../model/snapshot.ts';
import type { Workers } from '../core.ts';
import type { DoorName } from '../door.ts';
import type { EventFacts } from '../events.ts';
import type { HealthFacts } from '../health.ts';
import type { Witness } from '../source.ts';
import type { Usage } from '../usage.ts';
import type { Counts } from './counts.ts';

/** Its number is in here. */
export const WORKER_VARIABLE = 'HALYARD_RELAY_WORKER';

/** Whether a process is a worker of a relay: it has a number, and a channel to its primary. */
export function isWorker({ env, connected }: NodeJS.Process): boolean {
  return connected && env[WORKER_VARIABLE] !== undefined;
}

/** What a worker cannot know from the command line, which is the primary's. */
export interface Start {
  sourceKind: string;
  /** When the relay began, by `monotonicMs`. */
  startedAt: number;
  /** By which doors connections will come. */
  doors: readonly DoorName[];
  /** The text of the token file as the primary has read it, and what its tickets are made with. */
  tokens?: { text: string; secret: string };
}

/** Milliseconds of a clock that all processes of a machine share, and that no setting of the time moves. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

export type SnapshotHead = Omit<Snapshot, 'definitions'>;

/** What goes up and down in one worker. */
export interface Gauges extends Usage {
  connections: number;
  requestsInFlight: number;
  streams: number;
  streamQueueBytes: number;
}

export type ToWorker =
  | { type: 'start'; start: Start }
  /** Rows of the next snapshot that differ from those of the last one. */
  | { type: 'rows'; rows: readonly EnvironmentDefinition[] }
  /** All rows are there; `removed` names those that are gone. */
  | { type: 'snapshot'; head: SnapshotHead; removed: readonly string[]; fromCache: boolean }
  /** All workers serve what they were told: clients may hear of it. */
  | { type: 'spread' }
  /** How the source is. After the first one a worker takes connections. */
  | { type: 'source'; health: HealthFacts; witness?: Witness; workers: Workers }
  /** Comes with a connection. */
  | { type: 'connection'; door: DoorName }
  | { type: 'tokens'; text: string }
  /** The files of the collector's token and of the units' key may hold others now. */
  | { type: 'reread' }
  | { type: 'report'; id: number }
  | { type: 'answer'; id: number; answer: unknown }
  /** No connection comes any more: end when the last one is closed. */
  | { type: 'drain' };

export type Question = { type: 'metrics' } | { type: 'events' } | { type: 'linked-hash'; entry: number };

export type FromWorker =
  /** Takes connections from now on. */
  | { type: 'up' }
  /** Serves the snapshot that it was told. */
  | { type: 'serves' }
  /** Has taken a connection, or closed some. */
  | { type: 'open'; connections: number; took?: true }
  /** What was counted since the last time. */
  | { type: 'counts'; counts: Counts }
  /** All that was counted up to now has been said. `id`: that of the report that was asked for. */
  | { type: 'reported'; id?: number; gauges: Gauges; events?: EventFacts }
  | { type: 'ask'; id: number; question: Question };
