// Rings when the passing of time alone may have changed answers: ramps and rules' windows need no new snapshot.
import { nextChangeMs, nextInstantMs } from '../engine/next-change.ts';
import type { RelayCore } from './core.ts';

/** A linear ramp changes all the time; who listens is told once a minute. */
const LINEAR_GAP_MS = 60_000;
/** Steps may be as close as their author likes. */
const SHORTEST_GAP_MS = 1_000;
/** The clock is looked at so often, since it may be set, and timers stand still while a machine sleeps. */
const LONGEST_WAIT_MS = 60_000;

export class Alarm {
  readonly #core: Pick<RelayCore, 'store' | 'now'>;
  readonly #ring: () => void;
  /** Up to this time, whoever listens knows what is answered. */
  #toldMs = Number.NEGATIVE_INFINITY;
  #rangMs = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  readonly #forget: () => void;

  /** Rings at most once a second, and some milliseconds late, until it is closed. */
  constructor(core: Pick<RelayCore, 'store' | 'now'>, ring: () => void) {
    this.#core = core;
    this.#ring = ring;
    // Whoever listens is told of changed flags anyway. A snapshot without any tells nobody, so what is due stays due.
    this.#forget = core.store.onSwap(({ before, flags }) =>
      before && flags.length === 0 ? this.#wait(core.now()) : this.#toldAt(core.now()),
    );
    if (core.store.served) this.#toldAt(core.now());
  }

  close(): void {
    this.#forget();
    clearTimeout(this.#timer);
  }

  #toldAt(nowMs: number): void {
    this.#toldMs = nowMs;
    this.#wait(nowMs);
  }

  #wait(nowMs: number): void {
    clearTimeout(this.#timer);
    const dueMs = this.#dueMs();
    if (dueMs === undefined) return;
    const waitMs = Math.min(Math.max(dueMs - nowMs, 0), LONGEST_WAIT_MS);
    this.#timer = setTimeout(() => this.#look(), waitMs).unref();
  }

  #look(): void {
    const nowMs = this.#core.now();
    const dueMs = this.#dueMs();
    // A clock that was set back changes answers too.
    if ((dueMs === undefined || nowMs < dueMs) && nowMs >= this.#toldMs) {
      this.#wait(nowMs);
      return;
    }
    this.#rangMs = nowMs;
    this.#ring();
    this.#toldAt(nowMs);
  }

  /** Undefined where time will change nothing any more. */
  #dueMs(): number | undefined {
    const { ruleset } = this.#core.store.served ?? { ruleset: { scheduled: [] } };
    const changeMs = nextChangeMs(ruleset, this.#toldMs);
    if (changeMs === undefined) return undefined;
    const instantMs = nextInstantMs(ruleset, this.#toldMs) ?? Number.POSITIVE_INFINITY;
    const gradualMs = Math.max(changeMs, this.#toldMs + LINEAR_GAP_MS);
    // After a clock was set back, it rang in the future.
    const rangMs = Math.min(this.#rangMs, this.#toldMs);
    return Math.max(Math.min(instantMs, gradualMs), rangMs + SHORTEST_GAP_MS);
  }
}
