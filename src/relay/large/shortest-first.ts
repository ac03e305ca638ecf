// Those that wait for a part of the time: each has its turn when that much of it was saved up.
import { type Line, LOOK_MS, type Waiting } from './line.ts';

export class ShortestFirst<One extends Waiting> {
  readonly #share: number;
  readonly #mostSavedMs: number;
  readonly #give: (one: One) => 'done' | 'more';
  readonly #line: Line<One>;
  /** Below 0 where more was taken. */
  #savedMs: number;
  /** How many were, from the first. */
  added = 0;

  /**
   * @param share the part of the time that they have together
   * @param mostSavedMs how much of that is saved up while nobody uses it, in milliseconds
   * @param line where they wait
   * @param give gives one its turn, and says whether it needs another one
   */
  constructor(share: number, mostSavedMs: number, line: Line<One>, give: (one: One) => 'done' | 'more') {
    this.#line = line;
    this.#share = share;
    this.#mostSavedMs = mostSavedMs;
    this.#savedMs = mostSavedMs;
    this.#give = give;
  }

  /** Refuses the longest where too many wait. */
  add(one: One, nowMs: number): void {
    this.added++;
    this.#line.add(one, nowMs);
  }

  save(passedMs: number): void {
    this.#savedMs = Math.min(this.#mostSavedMs, this.#savedMs + passedMs * this.#share);
  }

  spend(ms: number): void {
    this.#savedMs -= ms;
  }

  /** Whether there is time for another turn. */
  get hasTime(): boolean {
    return this.#savedMs > 0;
  }

  /** Refuses those that have waited for too long. */
  refuseOverdue(nowMs: number): void {
    this.#line.refuseOverdue(nowMs);
  }

  /** Gives the first one a turn, if there is time for it. Refuses those that have waited for too long. */
  turn(nowMs: number): void {
    this.refuseOverdue(nowMs);
    if (!this.hasTime) return;
    // It is taken out before, since what it does may add another one.
    const place = this.#line.next(nowMs);
    if (place && this.#give(place.one) === 'more') this.#line.putBack(place);
  }

  get isEmpty(): boolean {
    return this.#line.isEmpty;
  }

  /** In how many milliseconds the next turn is due; infinite where nobody waits. */
  get restMs(): number {
    if (this.isEmpty) return Number.POSITIVE_INFINITY;
    return this.hasTime ? 0 : Math.min(-this.#savedMs / this.#share, LOOK_MS);
  }
}
