// What a relay does with the events of experiments: the interface alone, which the relay is made against.
import type { Context } from '../model/context.ts';
import type { Decision } from '../model/decision.ts';
import type { Served } from './snapshot-store.ts';

/** Why an event is not kept. Each is counted. */
export type DropReason =
  /** The buffer or the spool has no room. */
  | 'full'
  /** The spool's disk refuses. */
  | 'disk'
  /** Its unit is personal, and there is no --unit-key-file to make a pseudonym with. */
  | 'personal'
  /** Its unit is empty, too long or no text that can be stored. */
  | 'unit'
  /** The relay stopped before it could be delivered, and there is no spool. */
  | 'stopped'
  /** What the spool holds of it cannot be read. */
  | 'damaged';

/** What is wrong with the delivery or the spool now. `code` is a stable word; the message holds no secret. */
export interface EventFault {
  code: string;
  message: string;
  atMs: number;
}

/** How it stands with events in one process, or in all of a relay: plain JSON. */
export interface EventFacts {
  /** What waits in memory. */
  bufferBytes: number;
  /** What is on disk, delivered parts of files included. Only with --spool. */
  spoolBytes?: number;
  /** When the oldest event came that is not delivered. */
  oldestAtMs?: number;
  delivery?: EventFault;
  spool?: EventFault;
  /** Personal attributes whose units could not be told of, since there is no key. */
  personal?: string[];
}

/** One item of a call that was not taken, by its index in the list. The reason holds nothing of the request. */
export interface RefusedItem {
  index: number;
  code: string;
  reason: string;
}

export type Tracked =
  /** `dropped`: well-formed ones that no unit is left of, since it is personal and there is no key. */
  | { type: 'taken'; accepted: number; dropped: number; refused: RefusedItem[] }
  /** Nothing was taken: there is no room, or the disk refuses. */
  | { type: 'refused'; reason: 'full' | 'disk' };

export interface Events {
  /** Offers the exposure of a decision that carries an experiment. Never waits and never throws. */
  gave(served: Served, decision: Decision, context: Context, nowMs: number): void;
  /** The same for all flags, whose decisions come in the ruleset's order. */
  gaveEvery(served: Served, decisions: readonly Decision[], context: Context, nowMs: number): void;
  /** Takes what an app tracks. Resolves when it is kept: with a spool, on disk. */
  track(served: Served, items: readonly unknown[], nowMs: number): Promise<Tracked>;
  facts(): EventFacts;
  /** Rereads the files of token and key. Rejects with a UsageError where one is no good; what was read before stays. */
  reload(): Promise<void>;
  /** Delivers what waits, for no longer than that. The rest stays in the spool, or is dropped and counted. Never rejects. */
  stop(withinMs: number): Promise<void>;
}
