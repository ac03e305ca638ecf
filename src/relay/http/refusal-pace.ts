// At what pace callers are told that they ask wrongly: an app's mistakes at once, those of a stream slowly.
import { RateLimit } from '../rate-limit.ts';

/** Answered without delay, a second, on connections that stay: more than an app makes, less than others notice. */
const AT_ONCE_PER_SECOND = 1_000;
/** How long each further answer waits, and with it whoever sends the next request only then. */
const HELD_MS = 10;
/** The same where the connection is closed with the answer: the next one costs much more than an answer does. */
const CLOSED_AT_ONCE_PER_SECOND = 100;
const CLOSED_HELD_MS = 250;
/** Answers that wait at most; what is more is answered at once again. */
const MOST_HELD = 1_000;

export class RefusalPace {
  readonly #atOnce: RateLimit;
  readonly #heldMs: number;
  #held = 0;

  constructor(atOncePerSecond = AT_ONCE_PER_SECOND, heldMs = HELD_MS) {
    this.#atOnce = new RateLimit(atOncePerSecond);
    this.#heldMs = heldMs;
  }

  /** For answers with which the connection is closed. */
  static ofClosing(atOncePerSecond = CLOSED_AT_ONCE_PER_SECOND): RefusalPace {
    return new RefusalPace(atOncePerSecond, CLOSED_HELD_MS);
  }

  /** Calls `refuse` at once, or in a while where too many are refused. */
  answer(refuse: () => void): void {
    if (this.#atOnce.take() === 0 || this.#held >= MOST_HELD) return void refuse();
    this.#held++;
    setTimeout(() => {
      this.#held--;
      refuse();
    }, this.#heldMs);
  }
}
