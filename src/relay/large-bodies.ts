// Large bodies take turns with everyone else: what is costly about them has a part of the time, and is done in steps where it can be.
import { ShortestFirst, type Waiting } from './shortest-first.ts';

/** What is shorter costs no more than other calls do. */
export const LARGE_CHARS = 4 * 1024;
/** What is taken from its connection and read in a millisecond where it is JSON, whatever that holds. */
export const CHARS_PER_MS = 64 * 1024;
/** What a turn of the event loop has for bodies that are read in no more, and what each gets before it goes on in steps. */
const TURN_MS = 1;
/** What a turn has for work that goes on in steps. */
const STEPS_MS = 0.5;
/** What reading may take beyond a millisecond while others come: it cannot be interrupted, so less than one in a hundred feels it. */
const READING_SHARE = 0.005;
/** What steps may take meanwhile: who comes during some waits no longer than a turn's. */
const STEPS_SHARE = 0.1;
/** How much of either is saved up while nobody uses it: an app that rarely sends such a body does not wait. */
const READING_SAVED_MS = 5;
const STEPS_SAVED_MS = 20;
/** Where nobody else has come for so long, costly ones are in nobody's way. */
const ALONE_MS = 1_000;

export interface LargeBody {
  chars: number;
  /** What it takes at most to make sense of it, in milliseconds. */
  mostMs: number;
  /** Reads and answers it. */
  work: () => void;
  refuse: () => void;
}

interface Steps extends Waiting {
  /** Goes on until that much time was spent, or to the end. */
  goOn: (ms: number) => 'done' | 'more';
}

export class LargeBodies {
  /** Those that are read in a millisecond. */
  readonly #short: LargeBody[] = [];
  readonly #long = new ShortestFirst<LargeBody & Waiting>(READING_SHARE, READING_SAVED_MS, (body) =>
    this.#read(body),
  );
  readonly #steps = new ShortestFirst<Steps>(STEPS_SHARE, STEPS_SAVED_MS, (steps) => this.#goOn(steps));
  readonly #clockMs: () => number;
  readonly #spentMs: () => number;
  #savedAtMs: number;
  #othersCame = false;
  #othersAtMs = Number.NEGATIVE_INFINITY;
  #immediate: NodeJS.Immediate | undefined;
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param clockMs a clock that never goes back, in milliseconds
   * @param spentMs processor time of this thread, which is charged: what the machine does meanwhile is not the body's fault.
   *   The system brings it up to date only every few milliseconds, so that turns are measured by the clock
   */
  constructor(clockMs: () => number = () => performance.now(), spentMs: () => number = threadMs) {
    this.#clockMs = clockMs;
    this.#spentMs = spentMs;
    this.#savedAtMs = clockMs();
  }

  /** Called for each body that costs little. */
  seeOther(): void {
    this.#othersCame = true;
  }

  /** Does the work for one large body when it is its turn; refuses a long one where too many wait or it has waited too long. */
  take(body: LargeBody): void {
    if (body.mostMs > TURN_MS) this.#long.add({ ...body, ms: body.mostMs }, this.#clockMs());
    else this.#short.push(body);
    this.#immediate ??= setImmediate(this.#turn);
  }

  /**
   * Does what a large body asks for: a millisecond's worth at once, and the rest in turn with everyone else.
   * @param steps takes `count` steps of about the same length
   * @returns what the steps return; undefined where too many wait or it took too long
   */
  async run<Result>(steps: Iterator<void, Result>, count: number): Promise<Result | undefined> {
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
    if (goOn(TURN_MS) === 'done') return result;
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
      const ms = (TURN_MS * count) / taken;
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
    this.#long.turn(this.#clockMs());
    this.#steps.turn(this.#clockMs());
    const restMs = Math.min(this.#long.restMs, this.#steps.restMs);
    const isWaited = restMs < Number.POSITIVE_INFINITY;
    if (this.#short.length > 0 || restMs === 0 || (isAlone && isWaited))
      this.#immediate ??= setImmediate(this.#turn);
    else if (isWaited) this.#timer = setTimeout(this.#turn, restMs);
  };

  /** Says whether nobody else has come for a while. */
  #save(): boolean {
    const nowMs = this.#clockMs();
    if (this.#othersCame) this.#othersAtMs = nowMs;
    this.#othersCame = false;
    const isAlone = nowMs - this.#othersAtMs > ALONE_MS;
    const passedMs = isAlone ? Number.POSITIVE_INFINITY : nowMs - this.#savedAtMs;
    this.#long.save(passedMs);
    this.#steps.save(passedMs);
    this.#savedAtMs = nowMs;
    return isAlone;
  }

  #readShort(): void {
    const before = this.#steps.added;
    this.#short.shift()?.work();
    if (this.#steps.added === before) this.seeOther();
  }

  #read({ work, chars }: LargeBody): 'done' {
    const beforeMs = this.#spentMs();
    work();
    // To take it from its connection took time too, and memory.
    const tookMs = Math.max(this.#spentMs() - beforeMs, chars / CHARS_PER_MS);
    this.#long.spend(Math.max(0, tookMs - TURN_MS));
    return 'done';
  }

  #goOn({ goOn }: Steps): 'done' | 'more' {
    const beforeMs = this.#spentMs();
    const state = goOn(STEPS_MS);
    this.#steps.spend(this.#spentMs() - beforeMs);
    return state;
  }
}

function threadMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}
