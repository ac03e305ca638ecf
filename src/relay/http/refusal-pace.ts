// At what pace connections are closed that have asked wrongly: a mistake's at once, those of a stream slowly, since each opens a new one.
import { RateLimit } from '../rate-limit.ts';

/** Answered without delay, a second: more than a mistake makes, less than others notice. */
const AT_ONCE_PER_SECOND = 100;
/** How long each further answer waits, and with it whoever sends the next request only then. */
const HELD_MS = 250;
/** Answers that wait at most; what is more is answered at once again. */
const MOST_HELD = 1_000;

export class RefusalPace {
  readonly #atOnce: RateLimit;
  #held = 0;

  constructor(atOncePerSecond = AT_ONCE_PER_SECOND) {
    this.#atOnce = new RateLimit(atOncePerSecond);
  }

  /** Calls `refuse` at once, or in a while where too many are refused. */
  answer(refuse: () => void): void {
    if (this.#atOnce.take() === 0 || this.#held >= MOST_HELD) return void refuse();
    this.#held++;
    setTimeout(() => {
      this.#held--;
      refuse();
    }, HELD_MS);
  }
}
