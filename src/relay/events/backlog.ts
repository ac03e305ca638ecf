// What waits to be delivered: the port that the buffer in memory and the spool on disk fill.
import type { Logger } from '../../io/log.ts';
import type { Event } from '../../model/event.ts';
import type { DropReason, EventFault } from '../events.ts';

export type EventKind = Event['type'];

/** Whom a backlog tells. */
export interface Surroundings {
  log: Logger;
  now: () => number;
  /** Called with events that are kept as well as they can be. */
  onKept: (kind: EventKind, events: number) => void;
  /** Called when something can be delivered. */
  onArrival: () => void;
  /** Called with how many events are lost: `disk`, before they were kept. */
  onLoss: (reason: DropReason, events: number) => void;
}

/** The oldest events that wait. */
export interface Batch {
  /** One JSON object a line, each with its line end. */
  readonly lines: Buffer;
  readonly count: number;
  /** When the first of them came, in epoch milliseconds. */
  readonly atMs: number;
}

export interface Backlog {
  /**
   * Takes lines, or says why it cannot. Never waits.
   * @param text JSON objects, each with its line end
   */
  add(kind: EventKind, text: string, count: number, nowMs: number): 'full' | 'disk' | undefined;
  /** Resolves when all that was added is kept as well as it can be, with whether it is. */
  kept(): Promise<boolean>;
  /** The oldest events, up to so many of them or so many bytes; undefined where none wait. They stay until they are delivered. */
  next(mostEvents: number, mostBytes: number): Promise<Batch | undefined>;
  /** The last batch need not be kept any longer. */
  delivered(): Promise<void>;
  /** How many bytes wait in memory. */
  readonly bufferBytes: number;
  /** How many bytes are on disk. */
  readonly spoolBytes?: number;
  /** When the oldest event came that waits. */
  readonly oldestAtMs: number | undefined;
  /** What is wrong with the disk. */
  readonly fault: EventFault | undefined;
  /** Keeps what can be kept. Resolves with how many events are lost. */
  close(): Promise<number>;
}
