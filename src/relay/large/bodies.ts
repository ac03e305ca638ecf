// Large bodies take turns with everyone else: what is costly about them has a part of the time, and is done elsewhere or in
// steps where it can be.
import { deserialize } from 'node:v8';
import { Line, LOOK_MS, type Waiting } from './line.ts';
import type { WasRead, WhyUnread } from './messages.ts';
import type { ReaderThread, Unread } from './reader.ts';
import { ShortestFirst } from './shortest-first.ts';
import { threadMs } from './thread-time.ts';

/** What is shorter costs no more than other calls do. */
export const LARGE_BYTES = 4 * 1024;
/** What is taken from its connection and read in a millisecond where it is JSON, whatever that holds. */
export const CHARS_PER_MS = 64 * 1024;
/** What a turn of the event loop has for bodies that are read in no more, and what each gets before it goes on in steps. */
const TURN_MS = 1;
/** What a turn has for work that goes on in steps. */
const STEPS_MS = 0.5;
/** What reading may take beyond a millisecond while others come: it cannot be interrupted, so far less than one in a hundred may feel it. */
const READING_SHARE = 0.002;
/** What steps may take meanwhile: who comes during some waits no longer than a turn's. */
const STEPS_SHARE = 0.005;
/** The same of what a step takes beyond a turn, as one over hundreds of kilobytes does: many times less, since that cannot be interrupted either. */
const LONG_STEPS_SHARE = 0.001;
/** What reading in the thread may take meanwhile: others feel that the processors are busy, and that memory is used up. */
const THREAD_SHARE = 0.2;
/** How much of each is saved up while nobody uses it: an app that rarely sends such a body does not wait. */
const READING_SAVED_MS = 5;
const STEPS_SAVED_MS = 50;
const THREAD_SAVED_MS = 50;
/** How many wait for what is done here, and how much for the thread: eight megabytes. */
const MOST_WAITING = 32;
const MOST_WAITING_MS = 128;
/** Where nobody else has come for so long, costly ones are in nobody's way. */
const ALONE_MS = 1_000;

export interface CostlyBody {
  chars: number;
  /** What it takes at most to make sense of it, in milliseconds. */
  mostMs: number;
  /** Reads and answers it. */
  work: () => void;
  refuse: () => void;
}

/** A body that the thread reads. */
export interface LargeBody extends Unread {
  bytes: number;
  /** True where nobody waits for the answer any more. */
  isGone: () => boolean;
  /** Called with the body, less what evaluating does not read, and how many bytes are left of it. */
  answer: (body: unknown, bytes: number) => void;
  unreadable: (why: WhyUnread) => void;
  refuse: () => void;
}

interface Steps extends Waiting {
  /** Goes on until that much time was spent, or to the end. */
  goOn: (ms: number) => 'done' | 'more';
}

export class LargeBodies {
  /** Those that are read in a millisecond. */
  readonly #short: CostlyBody[] = [];
  readonly #long = new ShortestFirst<CostlyBody & Waiting>(
    READING_SHARE,
    READING_SAVED_MS,
    lineOf(),
    (body) => this.#read(body),
  );
  readonly #steps = new ShortestFirst<Steps>(STEPS_SHARE, STEPS_SAVED_MS, lineOf(), (steps) =>
    this.#goOn(steps),
  );
  readonly #elsewhere = new ShortestFirst<LargeBody & Waiting>(
    THREAD_SHARE,
    THREAD_SAVED_MS,
    new Line(MOST_WAITING_MS, ({ ms }) => ms),
    (body) => this.#readElsewhere(body),
  );
  readonly #thread: Pick<ReaderThread, 'isBusy' | 'read'>;
  readonly #clockMs: () => number;
  readonly #spentMs: () => number;
  #savedAtMs: number;
  #othersCame = false;
  #othersAtMs = Number.NEGATIVE_INFINITY;
  #immediate: NodeJS.Immediate | undefined;
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param thread reads those that are contexts
   * @param clockMs a clock that never goes back, in milliseconds
   * @param spentMs processor time of this thread, which is charged: what the machine does meanwhile is not the body's fault.
   *   The system brings it up to date only every few milliseconds, so that turns are measured by the clock
   */
  constructor(
    thread: Pick<ReaderThread, 'isBusy' | 'read'>,
    clockMs: () => number = () => performance.now(),
    spentMs: () => number = threadMs,
  ) {
    this.#thread = thread;
    this.#clockMs = clockMs;
    this.#spentMs = spentMs;
    this.#savedAtMs = clockMs();
  }

  /** Called for each body that costs little. */
  seeOther(): void {
    this.#othersCame = true;
  }

  /** Does the work for one large body when it is its turn; refuses a long one where too many wait or it has waited too long. */
  take(body: CostlyBody): void {
    if (body.mostMs > TURN_MS) this.#long.add({ ...body, ms: body.mostMs }, this.#clockMs());
    else this.#short.push(body);
    this.#immediate ??= setImmediate(this.#turn);
  }

  /** Has a body read by the thread when it is its turn; refuses it where too much waits, or it has waited too long. */
  read(body: LargeBody): void {
    this.#elsewhere.add({ ...body, ms: body.bytes / CHARS_PER_MS }, this.#clockMs());
    this.#immediate ??= setImmediate(this.#turn);
  }

  /**
   * Does what a large body asks for: a millisecond's worth at once, and the rest in turn with everyone else.
   * @param steps takes `count` steps of about the same length, over what is left of a body of so many bytes
   * @returns what the steps return; undefined where too many wait or it took too long
   */
  async run<Result>(
    steps: Iterator<void, Result>,
    count: number,
    bytes: number,
  ): Promise<Result | undefined> {
    let result: Result | undefined;
    let taken = 0;
    const goOn = (ms: number) => {
      const untilMs = this.#clockMs() + ms;
      do {
        const step = steps.next();
        if (step.done) {
          result = step.value;
          return 'done';
        }
        taken++;
      } while (this.#clockMs() < untilMs);
      return 'more';
    };
    // A step over so much may take longer than a turn itself, so even the first one waits until there is time.
    const isLong = bytes > TURN_MS * CHARS_PER_MS;
    if ((!isLong || this.#steps.hasTime) && this.#spendOnLong(() => goOn(TURN_MS)) === 'done') return result;
    return new Promise((resolve) => {
      const settle = (ms: number) => {
        const state = goOn(ms);
        if (state === 'done') resolve(result);
        return state;
      };
      const refuse = () => {
        steps.return?.();
        resolve(undefined);
      };
      const ms = taken > 0 ? (TURN_MS * count) / taken : (count * bytes) / CHARS_PER_MS;
      this.#steps.add({ ms, goOn: settle, refuse }, this.#clockMs());
      this.#immediate ??= setImmediate(this.#turn);
    });
  }

  readonly #turn = (): void => {
    this.#immediate = undefined;
    clearTimeout(this.#timer);
    const untilMs = this.#clockMs() + TURN_MS;
    while (this.#short.length > 0 && this.#clockMs() < untilMs) this.#readShort();
    const isAlone = this.#save();
    const nowMs = this.#clockMs();
    this.#long.turn(nowMs);
    this.#steps.turn(nowMs);
    if (this.#thread.isBusy) this.#elsewhere.refuseOverdue(nowMs);
    else this.#elsewhere.turn(nowMs);
    this.#wait(isAlone);
  };

  /** Until the next turn. */
  #wait(isAlone: boolean): void {
    const elsewhereMs = this.#thread.isBusy ? Number.POSITIVE_INFINITY : this.#elsewhere.restMs;
    const restMs = Math.min(this.#long.restMs, this.#steps.restMs, elsewhereMs);
    const isWaited = restMs < Number.POSITIVE_INFINITY;
    if (this.#short.length > 0 || restMs === 0 || (isAlone && isWaited))
      this.#immediate ??= setImmediate(this.#turn);
    else if (isWaited || !this.#elsewhere.isEmpty)
      this.#timer = setTimeout(this.#turn, Math.min(restMs, LOOK_MS));
  }

  /** Says whether nobody else has come for a while. */
  #save(): boolean {
    const nowMs = this.#clockMs();
    if (this.#othersCame) this.#othersAtMs = nowMs;
    this.#othersCame = false;
    const isAlone = nowMs - this.#othersAtMs > ALONE_MS;
    const passedMs = isAlone ? Number.POSITIVE_INFINITY : nowMs - this.#savedAtMs;
    this.#long.save(passedMs);
    this.#steps.save(passedMs);
    this.#elsewhere.save(passedMs);
    this.#savedAtMs = nowMs;
    return isAlone;
  }

  #readShort(): void {
    const before = this.#steps.added;
    this.#short.shift()?.work();
    if (this.#steps.added === before) this.seeOther();
  }

  #read({ work, chars }: CostlyBody): 'done' {
    const beforeMs = this.#spentMs();
    work();
    // To take it from its connection took time too, and memory.
    const tookMs = Math.max(this.#spentMs() - beforeMs, chars / CHARS_PER_MS);
    this.#long.spend(Math.max(0, tookMs - TURN_MS));
    return 'done';
  }

  #readElsewhere(body: LargeBody & Waiting): 'done' {
    if (body.isGone()) return 'done';
    this.#elsewhere.spend(body.ms);
    this.#thread.read(body, (answer) => {
      if (answer) this.#elsewhere.spend(Math.max(0, answer.ms - body.ms));
      this.#immediate ??= setImmediate(this.#turn);
      if (!body.isGone()) this.#takeOver(body, answer?.read);
    });
    return 'done';
  }

  /** What is left of a body is mostly little. */
  #takeOver({ isGone, answer, unreadable, refuse }: LargeBody, read: WasRead | undefined): void {
    if (read === undefined) refuse();
    else if (read.type === 'unreadable') unreadable(read.why);
    else {
      const { slim } = read;
      const chars = slim.length;
      const work = () => isGone() || answer(deserialize(slim), chars);
      const mostMs = Math.max(read.mostMs, chars / CHARS_PER_MS);
      if (mostMs > TURN_MS) this.take({ chars, mostMs, work, refuse });
      else work();
    }
  }

  #goOn({ goOn }: Steps): 'done' | 'more' {
    const beforeMs = this.#spentMs();
    const state = this.#spendOnLong(() => goOn(STEPS_MS));
    this.#steps.spend(this.#spentMs() - beforeMs);
    return state;
  }

  /** Charges what a step takes that is longer than a turn: others have to wait for it. */
  #spendOnLong(goOn: () => 'done' | 'more'): 'done' | 'more' {
    const beforeMs = this.#clockMs();
    const state = goOn();
    const tookMs = this.#clockMs() - beforeMs;
    if (tookMs > TURN_MS + STEPS_MS) this.#steps.spend((tookMs - TURN_MS) * (STEPS_SHARE / LONG_STEPS_SHARE));
    return state;
  }
}

function lineOf<One extends Waiting>(): Line<One> {
  return new Line(MOST_WAITING, () => 1);
}
