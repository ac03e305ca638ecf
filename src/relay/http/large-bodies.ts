// Large bodies take turns, and who makes each of them costly waits: nobody else feels what one of them takes of the one thread.

/** What is shorter costs no more than other calls do. */
export const LARGE_CHARS = 4 * 1024;
/** What a turn of the event loop has for them. A call that takes longer is costly, and so is one with a body longer than that many. */
const TURN_MS = 1;
const CHARS_PER_MS = 64 * 1024;
/** The part of the time that costly ones may take beyond that, while others come: less than one in a hundred, for the sake of p99. */
const SHARE = 0.005;
/** How much of that is saved up while none comes, in milliseconds. */
const MOST_SAVED_MS = 20;
/** Costly ones that wait at most, and how long. */
const MOST_WAITING = 32;
const LONGEST_WAIT_MS = 2_000;
/** Where nobody else has come for so long, costly ones are in nobody's way. */
const ALONE_MS = 1_000;

export interface LargeBody {
  /** Its connection. */
  socket: object;
  chars: number;
  /** Reads and answers it. */
  work: () => void;
  refuse: () => void;
}

interface Waiting extends LargeBody {
  untilMs: number;
}

export class LargeBodies {
  /** What the last large body of a connection took. The first one of each may be anything. */
  readonly #lastMs = new WeakMap<object, number>();
  readonly #cheap: LargeBody[] = [];
  readonly #costly: Waiting[] = [];
  readonly #clockMs: () => number;
  readonly #spentMs: () => number;
  /** Below 0 where costly ones took more than their share. */
  #savedMs = MOST_SAVED_MS;
  #savedAtMs: number;
  #othersCame = false;
  #othersAtMs = Number.NEGATIVE_INFINITY;
  #immediate: NodeJS.Immediate | undefined;
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

  /** Does the work for one large body when it is its turn; refuses a costly one where too many wait or it has waited too long. */
  take(body: LargeBody): void {
    if (body.chars <= CHARS_PER_MS && this.#lastOf(body) <= TURN_MS) {
      this.#othersCame = true;
      this.#cheap.push(body);
    } else if (this.#costly.length < MOST_WAITING) {
      this.#costly.push({ ...body, untilMs: this.#clockMs() + LONGEST_WAIT_MS });
    } else return void body.refuse();
    this.#immediate ??= setImmediate(this.#turn);
  }

  readonly #turn = (): void => {
    this.#immediate = undefined;
    const untilMs = this.#spentMs() + TURN_MS;
    while (this.#cheap.length > 0 && this.#spentMs() < untilMs) this.#work(this.#cheap.shift());
    this.#save();
    this.#refuseOverdue();
    if (this.#savedMs > 0) this.#work(this.#costly.shift());
    this.#goOn();
  };

  #goOn(): void {
    clearTimeout(this.#timer);
    if (this.#cheap.length > 0 || (this.#costly.length > 0 && this.#savedMs > 0)) {
      this.#immediate ??= setImmediate(this.#turn);
    } else if (this.#costly.length > 0) {
      this.#timer = setTimeout(this.#turn, Math.min(-this.#savedMs / SHARE, LONGEST_WAIT_MS / 4));
    }
  }

  #refuseOverdue(): void {
    const nowMs = this.#clockMs();
    while ((this.#costly[0]?.untilMs ?? Number.POSITIVE_INFINITY) < nowMs) this.#costly.shift()?.refuse();
  }

  #save(): void {
    const nowMs = this.#clockMs();
    if (this.#othersCame) this.#othersAtMs = nowMs;
    this.#othersCame = false;
    if (nowMs - this.#othersAtMs > ALONE_MS) this.#savedMs = MOST_SAVED_MS;
    this.#savedMs = Math.min(MOST_SAVED_MS, this.#savedMs + (nowMs - this.#savedAtMs) * SHARE);
    this.#savedAtMs = nowMs;
  }

  #work(body: LargeBody | undefined): void {
    if (!body) return;
    const beforeMs = this.#spentMs();
    body.work();
    const tookMs = this.#spentMs() - beforeMs;
    // A single slow one, a pause of the garbage collector perhaps, is held against nobody.
    const usualMs = Math.min(tookMs, this.#lastOf(body));
    this.#savedMs -= Math.max(0, usualMs - TURN_MS, body.chars / CHARS_PER_MS - TURN_MS);
    this.#lastMs.set(body.socket, tookMs);
  }

  #lastOf({ socket }: LargeBody): number {
    return this.#lastMs.get(socket) ?? Number.POSITIVE_INFINITY;
  }
}

function threadMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}
