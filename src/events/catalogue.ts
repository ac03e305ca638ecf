// Keeps what events are judged by as PostgreSQL has it applied, and tells whether PostgreSQL answers.
import { setTimeout as sleep } from 'node:timers/promises';
import { assertDurable } from '../db/durability.ts';
import { assertMigrated } from '../db/migrate.ts';
import type { Queryable } from '../db/pool.ts';
import { type Known, knownOf } from './known.ts';
import { readMeasured, readProject } from './queries.ts';

/** No more than one look in this time, however many unknown names come: requests with one wait for it, and so does all behind them. */
const MIN_INTERVAL_MS = 100;
/** So long after a look that failed. */
const RETRY_MS = 1_000;
/** So long after a look the next one, where nobody asks. */
const POLL_MS = 5_000;

export interface Applied {
  project: string;
  /** The last entry of the project's chain. */
  entry: number;
  known: Known;
}

export interface CatalogueOptions {
  database: Queryable;
  /** Left out: the only one in the database. */
  project?: string | undefined;
  /** Wall clock, in epoch milliseconds: for what is said of a fault. */
  now: () => number;
  /** Goes on evenly, whatever becomes of the wall clock; in milliseconds. */
  elapsed?: () => number;
}

export class Catalogue {
  readonly #options: CatalogueOptions;
  #applied: Applied | undefined;
  readonly #elapsed: () => number;
  /** When the look began that found what is known; this and the next by `elapsed`. */
  #askedAtMs = Number.NEGATIVE_INFINITY;
  #lastLookMs = Number.NEGATIVE_INFINITY;
  #next: Promise<void> | undefined;
  #looking: Promise<void> | undefined;
  #fault: { error: Error; sinceMs: number } | undefined;

  constructor(options: CatalogueOptions) {
    this.#options = options;
    this.#elapsed = options.elapsed ?? (() => performance.now());
  }

  /** The present moment, for `since` and to compare with `askedAtMs`. */
  get moment(): number {
    return this.#elapsed();
  }

  /** Undefined before the first look that succeeded. */
  get applied(): Applied | undefined {
    return this.#applied;
  }

  /** Why PostgreSQL's last answer failed, and since when looks fail. */
  get fault(): { error: Error; sinceMs: number } | undefined {
    return this.#fault;
  }

  get askedAtMs(): number {
    return this.#askedAtMs;
  }

  /**
   * What was applied at some `moment` after `sinceMs`. Looks are shared; each begins when the one before is over, and a
   * tenth of a second after it began at least.
   * Throws what `look` throws.
   */
  async since(sinceMs: number): Promise<Applied> {
    while (!this.#applied || this.#askedAtMs < sinceMs) {
      this.#next ??= this.#soon();
      await this.#next;
    }
    return this.#applied;
  }

  /** Looks now and then, from a while after a first look, until the signal is aborted. What fails is in `fault`. */
  async follow(signal: AbortSignal, onChange: () => void): Promise<void> {
    for (;;) {
      await sleep(this.#fault ? RETRY_MS : POLL_MS, undefined, { signal, ref: false }).catch(() => {});
      if (signal.aborted) return;
      const before = [this.#applied, this.#fault?.sinceMs];
      await this.since(this.moment).catch(() => {});
      if (before[0] !== this.#applied || before[1] !== this.#fault?.sinceMs) onChange();
    }
  }

  async #soon(): Promise<void> {
    // Where PostgreSQL is slow, looks beside each other would each wait for all others.
    await this.#looking?.catch(() => {});
    // It always waits: `#next` is set only once this has begun to.
    await sleep(Math.max(0, this.#lastLookMs + MIN_INTERVAL_MS - this.moment));
    // Who asks from here on may know of something later than this look.
    this.#next = undefined;
    this.#looking = this.look();
    await this.#looking;
  }

  /** Throws UnreachableError or UsageError, also where the database has no such project yet. */
  async look(): Promise<void> {
    const { database, now, project: wanted } = this.#options;
    const startedMs = this.moment;
    this.#lastLookMs = startedMs;
    try {
      // Each time: it may be another server, or another setting, that answers.
      await assertMigrated(database);
      await assertDurable(database);
      const { project, entry } = await readProject(database, wanted);
      if (this.#applied?.entry !== entry || this.#applied.project !== project) {
        this.#applied = { project, entry, known: knownOf(await readMeasured(database, project)) };
      }
      this.#askedAtMs = Math.max(this.#askedAtMs, startedMs);
      this.#fault = undefined;
    } catch (error) {
      this.#fault = { error: error as Error, sinceMs: this.#fault?.sinceMs ?? now() };
      throw error;
    }
  }
}
