// Large bodies take turns, and who makes each of them costly waits: nobody else feels what one of them takes of the one thread.

/** What is shorter costs no more than other calls do. */
export const LARGE_CHARS = 4 * 1024;
/** What a turn of the event loop has for them. A call that takes longer is costly, and so is one with a body longer than that many. */
const TURN_MS = 1;
const CHARS_PER_MS = 64 * 1024;
/** A single costly one, by a pause of the garbage collector perhaps, is held against nobody. */
const COSTLY_IN_A_ROW = 2;
/** The part of the time that a lane may take beyond that, while others come: less than one in a hundred, for the sake of p99. */
const SHARE = 0.005;
/** How much of that is saved up while none comes, in milliseconds. */
const MOST_SAVED_MS = 20;
/** How many wait in a lane at most, and how long. */
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

/** Those that are, or may be, costly: one a turn, as long as there is time for them. */
class Lane {
  readonly #waiting: { body: LargeBody; untilMs: number }[] = [];
  /** Below 0 where they took more than their share. */
  #savedMs = MOST_SAVED_MS;

  add(body: LargeBody, nowMs: number): void {
    if (this.#waiting.length >= MOST_WAITING) body.refuse();
    else this.#waiting.push({ body, untilMs: nowMs + LONGEST_WAIT_MS });
  }

  save(ms: number): void {
    this.#savedMs = Math.min(MOST_SAVED_MS, this.#savedMs + ms);
  }

  /** The one whose turn it is, if there is time for it. Refuses those that have waited too long. */
  next(nowMs: number): LargeBody | undefined {
    while ((this.#waiting[0]?.untilMs ?? Number.POSITIVE_INFINITY) < nowMs) {
      this.#waiting.shift()?.body.refuse();
    }
    return this.#savedMs > 0 ? this.#waiting.shift()?.body : undefined;
  }

  /** In how many milliseconds it is to be looked at again. */
  get restMs(): number {
    if (this.#waiting.length === 0) return Number.POSITIVE_INFINITY;
    return this.#savedMs > 0 ? 0 : Math.min(-this.#savedMs / SHARE, LONGEST_WAIT_MS / 4);
  }
}

export class LargeBodies {
  /** By connection, how many costly ones came in a row at last. */
  readonly #costlyInARow = new WeakMap<object, number>();
  readonly #cheap: LargeBody[] = [];
  readonly #costly = new Lane();
  /** The first ones of their connections may be anything: those of an app do not wait for others' costly ones. */
  readonly #first = new Lane();
  readonly #clockMs: () => number;
  readonly #spentMs: () => number;
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

  /** Does the work for one large body when it is its turn; refuses one that may be costly where too many wait or it has waited too long. */
  take(body: LargeBody): void {
    const inARow = this.#costlyInARow.get(body.socket);
    const isLong = body.chars > CHARS_PER_MS;
    if (isLong || (inARow ?? 0) >= COSTLY_IN_A_ROW) this.#costly.add(body, this.#clockMs());
    else if (inARow === undefined) this.#first.add(body, this.#clockMs());
    else {
      this.#othersCame = true;
      this.#cheap.push(body);
    }
    this.#immediate ??= setImmediate(this.#turn);
  }

  readonly #turn = (): void => {
    this.#immediate = undefined;
    clearTimeout(this.#timer);
    const untilMs = this.#spentMs() + TURN_MS;
    while (this.#cheap.length > 0 && this.#spentMs() < untilMs) this.#work(this.#cheap.shift());
    this.#save();
    for (const lane of [this.#first, this.#costly]) this.#work(lane.next(this.#clockMs()), lane);
    const restMs = this.#cheap.length > 0 ? 0 : Math.min(this.#first.restMs, this.#costly.restMs);
    if (restMs === 0) this.#immediate ??= setImmediate(this.#turn);
    else if (restMs < Number.POSITIVE_INFINITY) this.#timer = setTimeout(this.#turn, restMs);
  };

  #save(): void {
    const nowMs = this.#clockMs();
    if (this.#othersCame) this.#othersAtMs = nowMs;
    this.#othersCame = false;
    const isAlone = nowMs - this.#othersAtMs > ALONE_MS;
    for (const lane of [this.#first, this.#costly]) {
      lane.save(isAlone ? Number.POSITIVE_INFINITY : (nowMs - this.#savedAtMs) * SHARE);
    }
    this.#savedAtMs = nowMs;
  }

  /** @param lane where it stood, unless it was thought to be cheap */
  #work(body: LargeBody | undefined, lane?: Lane): void {
    if (!body) return;
    const beforeMs = this.#spentMs();
    body.work();
    const tookMs = this.#spentMs() - beforeMs;
    const before = lane ? COSTLY_IN_A_ROW : (this.#costlyInARow.get(body.socket) ?? 0);
    this.#costlyInARow.set(body.socket, tookMs > TURN_MS ? before + 1 : 0);
    lane?.save(-Math.max(0, tookMs - TURN_MS, body.chars / CHARS_PER_MS - TURN_MS));
  }
}

function threadMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}
