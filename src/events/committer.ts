// Brings events to PostgreSQL: what several requests bring at a time goes in one transaction, and none is answered before it is committed.
import { sqlState } from '../db/faults.ts';
import type { Queryable } from '../db/pool.ts';
import type { EventFault } from '../model/event-shape.ts';
import { Days } from './days.ts';
import { dayOf, type Item, type StorableEvent, writeItems } from './write.ts';

/** Larger requests go alone. */
const MOST_EVENTS = 5_000;
/** How often a transaction that met another one, or a day that was dropped, is tried. */
const ATTEMPTS = 4;

export interface Outcome {
  /** How many count from now on; the others had been counted before, or are refused. */
  counted: number;
  /** By their place in what was given. */
  refused: { at: number; fault: EventFault<'unstorable'> }[];
}

interface Waiting {
  project: string;
  events: readonly StorableEvent[];
  answer: PromiseWithResolvers<Outcome>;
}

export interface CommitterOptions {
  database: Queryable;
  /** How many transactions there are at once, at most. */
  writers: number;
  /** The clock, in epoch milliseconds. */
  now: () => number;
  /** Called after each transaction. */
  onCommit?: (events: number, tookMs: number) => void;
  /** Called when transactions begin to fail, and with undefined when one succeeds again. */
  onFault?: (error: Error | undefined) => void;
}

export class Committer {
  readonly #options: CommitterOptions;
  readonly #days: Days;
  readonly #queue: Waiting[] = [];
  #fault: { error: Error; sinceMs: number; lastMs: number } | undefined;
  #writing = 0;

  constructor(options: CommitterOptions) {
    this.#options = options;
    this.#days = new Days(options.database);
  }

  /** Why the last transaction failed; since when they fail, and when the last one did. */
  get fault(): { error: Error; sinceMs: number; lastMs: number } | undefined {
    return this.#fault;
  }

  /** How many requests wait for their turn. */
  get waiting(): number {
    return this.#queue.length;
  }

  /**
   * Resolves when all events are committed that can be. Throws UnreachableError where PostgreSQL does not answer; what
   * was given may be committed all the same, or a part of it, so it can be given again: nothing counts twice.
   */
  commit(project: string, events: readonly StorableEvent[]): Promise<Outcome> {
    if (events.length === 0) return Promise.resolve({ counted: 0, refused: [] });
    const answer = Promise.withResolvers<Outcome>();
    this.#queue.push({ project, events, answer });
    this.#pump();
    return answer.promise;
  }

  /** While all writers are at work, requests gather: the busier PostgreSQL, the larger the transactions. */
  #pump(): void {
    while (this.#writing < this.#options.writers && this.#queue.length > 0) {
      this.#writing++;
      void this.#writeGroup(this.#nextGroup()).finally(() => {
        this.#writing--;
        this.#pump();
      });
    }
  }

  #nextGroup(): Waiting[] {
    const project = this.#queue[0]?.project;
    let size = 0;
    let count = 0;
    for (const waiting of this.#queue) {
      size += waiting.events.length;
      if (count > 0 && (size > MOST_EVENTS || waiting.project !== project)) break;
      count++;
    }
    return this.#queue.splice(0, count);
  }

  async #writeGroup(group: readonly Waiting[]): Promise<void> {
    const outcomes = group.map((): Outcome => ({ counted: 0, refused: [] }));
    try {
      await this.#write((group[0] as Waiting).project, placedItems(group), outcomes);
      if (this.#fault) this.#options.onFault?.(undefined);
      this.#fault = undefined;
      for (const [at, { answer }] of group.entries()) answer.resolve(outcomes[at] as Outcome);
    } catch (error) {
      const lastMs = this.#options.now();
      if (!this.#fault) this.#options.onFault?.(error as Error);
      this.#fault = { error: error as Error, sinceMs: this.#fault?.sinceMs ?? lastMs, lastMs };
      for (const { answer } of group) answer.reject(error);
      // Who waits behind would wait for the same server, one deadline after the other.
      for (const { answer } of this.#queue.splice(0)) answer.reject(error);
    }
  }

  /** Where PostgreSQL refuses values, the halves are written apart until what is refused stands alone. */
  async #write(project: string, items: readonly PlacedItem[], outcomes: readonly Outcome[]): Promise<void> {
    try {
      const counts = await this.#transaction(project, items);
      for (const [request, counted] of counts) (outcomes[request] as Outcome).counted += counted;
    } catch (error) {
      if (!isOfValues(error)) throw error;
      if (items.length === 1) {
        const fault = { code: 'unstorable', reason: 'PostgreSQL cannot store a value of it.' } as const;
        for (const { request, at } of (items[0] as PlacedItem).places)
          (outcomes[request] as Outcome).refused.push({ at, fault });
        return;
      }
      const half = items.length >> 1;
      await this.#write(project, items.slice(0, half), outcomes);
      await this.#write(project, items.slice(half), outcomes);
    }
  }

  async #transaction(project: string, items: readonly PlacedItem[]): Promise<Map<number, number>> {
    const { database, onCommit } = this.#options;
    const days = new Set<number>();
    for (const { event } of items) if (event.type === 'track') days.add(dayOf(event.atMs));
    for (let attempt = 1; ; attempt++) {
      try {
        await this.#days.open(days);
        const startedMs = performance.now();
        const counts = await writeItems(database, project, items);
        onCommit?.(items.length, performance.now() - startedMs);
        return counts;
      } catch (error) {
        if (attempt === ATTEMPTS || !isPassing(error)) throw error;
        this.#days.forget();
      }
    }
  }
}

interface PlacedItem extends Item {
  /** Where its id stands: the first is that of the event that is written. */
  places: { request: number; at: number }[];
}

/** The events of all requests; of several with one id the first. */
function placedItems(group: readonly Waiting[]): PlacedItem[] {
  const items = new Map<string, PlacedItem>();
  for (const [request, { events }] of group.entries()) {
    for (const [at, { uuid, event }] of events.entries()) {
      const item = items.get(uuid);
      if (item) item.places.push({ request, at });
      else items.set(uuid, { request, uuid, event, places: [{ request, at }] });
    }
  }
  return [...items.values()];
}

/** Classes 22 (data exception) and 54 (a limit, of an index row say), and checks: the fault of a value. */
function isOfValues(error: unknown): boolean {
  const state = sqlState(error) ?? '';
  return state.startsWith('22') || state.startsWith('54') || (state === '23514' && !lacksDay(error));
}

/** No partition takes the row: its day was dropped after it was opened. */
function lacksDay(error: unknown): boolean {
  return (
    sqlState(error) === '23514' && (error as { constraint?: string | undefined }).constraint === undefined
  );
}

/** A deadlock or a conflict of transactions (class 40, which `databaseFault` wraps), or a day that is gone. */
function isPassing(error: unknown): boolean {
  const { cause } = error as Error;
  return lacksDay(error) || (cause !== undefined && (sqlState(cause) ?? '').startsWith('40'));
}
