// Those that wait for a part of the time: the shortest goes first, so that nobody waits for what is longer than its own.

/** How many wait at most, and how long. */
const MOST_WAITING = 32;
const LONGEST_WAIT_MS = 2_000;

export interface Waiting {
  /** About how long it takes. */
  ms: number;
  refuse: () => void;
}

export class ShortestFirst<One extends Waiting> {
  readonly #share: number;
  readonly #mostSavedMs: number;
  readonly #give: (one: One) => 'done' | 'more';
  /** Below 0 where more was taken. */
  #savedMs: number;
  #waiting: { one: One; untilMs: number }[] = [];
  /** How many were, from the first. */
  added = 0;

  /**
   * @param share the part of the time that they have together
   * @param mostSavedMs how much of that is saved up while nobody uses it, in milliseconds
   * @param give gives one its turn, and says whether it needs another one
   */
  constructor(share: number, mostSavedMs: number, give: (one: One) => 'done' | 'more') {
    this.#share = share;
    this.#mostSavedMs = mostSavedMs;
    this.#savedMs = mostSavedMs;
    this.#give = give;
  }

  /** Refuses the longest where too many wait. */
  add(one: One, nowMs: number): void {
    this.added++;
    const at = this.#waiting.findIndex((other) => other.one.ms > one.ms);
    this.#waiting.splice(at < 0 ? this.#waiting.length : at, 0, { one, untilMs: nowMs + LONGEST_WAIT_MS });
    if (this.#waiting.length > MOST_WAITING) this.#waiting.pop()?.one.refuse();
  }

  save(passedMs: number): void {
    this.#savedMs = Math.min(this.#mostSavedMs, this.#savedMs + passedMs * this.#share);
  }

  spend(ms: number): void {
    this.#savedMs -= ms;
  }

  /** Gives the first one a turn, if there is time for it. Refuses those that have waited for too long. */
  turn(nowMs: number): void {
    const isOverdue = ({ untilMs }: { untilMs: number }) => untilMs < nowMs;
    const overdue = this.#waiting.filter(isOverdue);
    if (overdue.length > 0) this.#waiting = this.#waiting.filter((waiting) => !isOverdue(waiting));
    for (const { one } of overdue) one.refuse();
    const [first] = this.#waiting;
    if (first === undefined || this.#savedMs <= 0) return;
    // It is taken out before, since what it does may add another one.
    this.#waiting.shift();
    if (this.#give(first.one) === 'more') this.#waiting.unshift(first);
  }

  /** In how many milliseconds the next turn is due; infinite where nobody waits. */
  get restMs(): number {
    if (this.#waiting.length === 0) return Number.POSITIVE_INFINITY;
    return this.#savedMs > 0 ? 0 : Math.min(-this.#savedMs / this.#share, LONGEST_WAIT_MS / 4);
  }
}
