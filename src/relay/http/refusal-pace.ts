// At what pace callers are told that they ask wrongly: an app's mistakes at once, those of a stream one after the other.

/** A second's refusals on connections that stay: more than an app makes, less than others notice. */
const PER_SECOND = 1_000;
/**
 * The same where the connection is closed with the answer. A new one costs much more than an answer does, and what was
 * read of a large body before it was refused is memory for the garbage collector, whose pauses everyone feels.
 */
const CLOSED_PER_SECOND = 20;
/** Answers that wait at most; beyond that the oldest is given at once. */
const MOST_HELD = 1_000;

export class RefusalPace {
  readonly #gapMs: number;
  /** When the last one was due. */
  #dueMs = Number.NEGATIVE_INFINITY;
  /** In turns the newest, whose caller has not gone and has not sent many, and the oldest, so that nobody waits for a flood to end. */
  readonly #held: (() => void)[] = [];
  #isOldestNext = false;
  #timer: NodeJS.Timeout | undefined;

  /** @param perSecond so many at once where there were none for a second, and so many a second from then on */
  constructor(perSecond = PER_SECOND) {
    this.#gapMs = 1_000 / perSecond;
  }

  /** For answers with which the connection is closed. */
  static ofClosing(perSecond = CLOSED_PER_SECOND): RefusalPace {
    return new RefusalPace(perSecond);
  }

  /** Calls `refuse` at once, or when its turn comes where too many are refused. */
  answer(refuse: () => void): void {
    this.#held.push(refuse);
    this.#goOn();
    if (this.#held.length > MOST_HELD) this.#held.shift()?.();
  }

  readonly #goOn = (): void => {
    const nowMs = performance.now();
    this.#dueMs = Math.max(this.#dueMs, nowMs - 1_000);
    while (this.#held.length > 0 && this.#dueMs + this.#gapMs <= nowMs) {
      this.#dueMs += this.#gapMs;
      const refuse = this.#isOldestNext ? this.#held.shift() : this.#held.pop();
      this.#isOldestNext = !this.#isOldestNext;
      refuse?.();
    }
    if (this.#held.length === 0) return;
    this.#timer ??= setTimeout(
      () => {
        this.#timer = undefined;
        this.#goOn();
      },
      this.#dueMs + this.#gapMs - nowMs,
    );
  };
}
