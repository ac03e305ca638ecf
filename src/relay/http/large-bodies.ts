// Large bodies are read and answered at a pace that others do not feel: each takes the one thread of all for milliseconds.

/** Contexts of apps stay far below. */
export const LARGE_CHARS = 16 * 1024;
/** The part of the time that large bodies may take while small ones come: less than one in a hundred, for the sake of p99. */
const SHARE = 0.005;
/** How much of that is saved up while none comes, in milliseconds: some large ones in a row are answered at once. */
const MOST_SAVED_MS = 20;
const MOST_WAITING = 32;
/** Nobody waits for longer to be answered. */
const LONGEST_WAIT_MS = 2_000;
/** Where no small body has come for so long, large ones are in nobody's way. */
const ALONE_MS = 1_000;

interface Waiting {
  work: () => void;
  refuse: () => void;
  untilMs: number;
}

export class LargeBodies {
  readonly #waiting: Waiting[] = [];
  readonly #clockMs: () => number;
  readonly #spentMs: () => number;
  /** Below 0 where the last one took more than its share. */
  #savedMs = MOST_SAVED_MS;
  #savedAtMs: number;
  #othersCame = false;
  #othersAtMs = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param clockMs a clock that never goes back, in milliseconds
   * @param spentMs processor time of this thread: what the machine does meanwhile is not the body's fault
   */
  constructor(clockMs: () => number = () => performance.now(), spentMs: () => number = threadMs) {
    this.#clockMs = clockMs;
    this.#spentMs = spentMs;
    this.#savedAtMs = clockMs();
  }

  /** Called for each small body. */
  seeOther(): void {
    this.#othersCame = true;
  }

  /** Does the work for one large body when it is its turn, or refuses it where too many wait or it has waited too long. */
  take(work: () => void, refuse: () => void): void {
    if (this.#waiting.length >= MOST_WAITING) return void refuse();
    this.#waiting.push({ work, refuse, untilMs: this.#clockMs() + LONGEST_WAIT_MS });
    if (this.#timer === undefined) this.#next();
  }

  #next(): void {
    this.#timer = undefined;
    this.#refuseOverdue();
    this.#save();
    if (this.#savedMs > 0) this.#work();
    if (this.#waiting.length === 0) return;
    // Where the next one may go at once, the event loop has a turn before it.
    const inMs = this.#savedMs > 0 ? 0 : Math.min(-this.#savedMs / SHARE, LONGEST_WAIT_MS / 4);
    this.#timer = setTimeout(() => this.#next(), inMs);
  }

  #refuseOverdue(): void {
    const nowMs = this.#clockMs();
    while ((this.#waiting[0]?.untilMs ?? Number.POSITIVE_INFINITY) < nowMs) this.#waiting.shift()?.refuse();
  }

  #save(): void {
    const nowMs = this.#clockMs();
    if (this.#othersCame) this.#othersAtMs = nowMs;
    this.#othersCame = false;
    if (nowMs - this.#othersAtMs > ALONE_MS) this.#savedMs = MOST_SAVED_MS;
    this.#savedMs = Math.min(MOST_SAVED_MS, this.#savedMs + (nowMs - this.#savedAtMs) * SHARE);
    this.#savedAtMs = nowMs;
  }

  #work(): void {
    const next = this.#waiting.shift();
    if (!next) return;
    const beforeMs = this.#spentMs();
    next.work();
    this.#savedMs -= this.#spentMs() - beforeMs;
  }
}

function threadMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}
