// What the relay counts while it works: plain numbers, so that counting costs nothing; /metrics makes Prometheus' text of them.
import type { Answers } from './answers.ts';
import type { DropReason } from './events.ts';
import { inSlices } from './slices.ts';

/** Upper bounds in seconds: an answer takes microseconds, a bulk of ten thousand flags some milliseconds. */
export const LATENCY_BOUNDS_S = [
  0.000_01, 0.000_025, 0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1,
] as const;

/** A histogram of durations. */
export class Latency {
  /** One more than there are bounds: the last counts what is slower than all of them. Not cumulative. */
  readonly counts = new Float64Array(LATENCY_BOUNDS_S.length + 1);
  sumSeconds = 0;

  observe(milliseconds: number): void {
    const seconds = milliseconds / 1000;
    let bucket = 0;
    while (bucket < LATENCY_BOUNDS_S.length && seconds > (LATENCY_BOUNDS_S[bucket] as number)) bucket++;
    this.counts[bucket] = (this.counts[bucket] as number) + 1;
    this.sumSeconds += seconds;
  }

  /** Starts from 0 again, and returns what was counted. */
  take(): { counts: number[]; sumSeconds: number } {
    const taken = { counts: [...this.counts], sumSeconds: this.sumSeconds };
    this.counts.fill(0);
    this.sumSeconds = 0;
    return taken;
  }

  add({ counts, sumSeconds }: { counts: readonly number[]; sumSeconds: number }): void {
    for (const [bucket, count] of counts.entries()) this.counts[bucket] = (this.counts[bucket] ?? 0) + count;
    this.sumSeconds += sumSeconds;
  }
}

/** A count for each of a few words. */
export class CountBy<Word extends string> extends Map<Word, number> {
  add(word: Word, count = 1): void {
    this.set(word, (this.get(word) ?? 0) + count);
  }
}

export interface EvaluationCount {
  flag: string;
  reason: string;
  variation: string;
  count: number;
}

/** More series than this would burden Prometheus; evaluations of further ones count under the flag "other". */
const MOST_SERIES = 20_000;
/** So many answers are taken over between two looks at the clock. */
const ANSWERS_A_STEP = 64;

/** Evaluations by flag, reason and variation, over all rulesets that were served. */
export class Evaluations {
  readonly #bySeries = new Map<string, EvaluationCount>();

  #taken = Promise.resolve();

  /** Takes over what was counted with the answers, which start from 0 again. */
  take(answers: Answers): void {
    for (const _ of this.#steps(answers));
  }

  /** Takes over, in slices, what was counted with the answers and with those that were handed in before. */
  catchUp(answers?: Answers): Promise<void> {
    if (answers) this.#taken = this.#taken.then(() => inSlices(this.#steps(answers)));
    return this.#taken;
  }

  all(): Iterable<EvaluationCount> {
    return this.#bySeries.values();
  }

  *#steps(answers: Answers): Generator<void, void, undefined> {
    let seen = 0;
    for (const answer of answers.all()) {
      if (++seen % ANSWERS_A_STEP === 0) yield;
      if (answer.count === 0) continue;
      const { flag, reason, variation = '' } = answer.decision;
      this.add({ flag, reason, variation, count: answer.count });
      answer.count = 0;
    }
    // Keys of unknown flags are the callers' words, so they are counted as one.
    if (answers.unknown > 0) this.add({ flag: '', reason: 'ERROR', variation: '', count: answers.unknown });
    answers.unknown = 0;
  }

  /** Starts from 0 again, and returns what was counted. */
  takeAll(): EvaluationCount[] {
    const all = [...this.#bySeries.values()];
    this.#bySeries.clear();
    return all;
  }

  add({ flag, reason, variation, count }: EvaluationCount): void {
    const series = `${flag} ${reason} ${variation}`;
    const known = this.#bySeries.get(series);
    if (known) known.count += count;
    else if (this.#bySeries.size < MOST_SERIES || flag === 'other')
      this.#bySeries.set(series, { flag, reason, variation, count });
    else this.add({ flag: 'other', reason, variation: '', count });
  }
}

export type Api = 'evaluate' | 'evaluate_many' | 'ofrep' | 'ofrep_bulk' | 'grpc' | 'grpc_all';
export type Refusal = 'too_many' | 'unread' | 'pipelined' | 'rate' | 'host' | 'token';

/** What became of a span or an event that was recorded; `dropped`: its queue was full. */
export type Delivery = 'sent' | 'failed' | 'dropped';

/** All of one relay's counts. */
export class Counters {
  readonly evaluations = new Evaluations();
  readonly latency: { readonly [api in Api]: Latency } = {
    evaluate: new Latency(),
    evaluate_many: new Latency(),
    ofrep: new Latency(),
    ofrep_bulk: new Latency(),
    grpc: new Latency(),
    grpc_all: new Latency(),
  };
  readonly refusedRequests = new CountBy<Refusal>();
  readonly rejectedSnapshots = new CountBy<string>();
  readonly sourceFaults = new CountBy<string>();
  readonly telemetrySpans = new CountBy<Delivery>();
  readonly telemetryEvents = new CountBy<Delivery>();
  readonly cacheWrites = new CountBy<'written' | 'failed'>();
  /** Events that were taken to be delivered. */
  readonly eventsAccepted = new CountBy<'exposure' | 'track'>();
  readonly eventsDropped = new CountBy<DropReason>();
  /** Events that the collector does not want, by what it says is wrong with them. */
  readonly eventsRefused = new CountBy<string>();
  /** Failed attempts to deliver a batch. */
  readonly eventFaults = new CountBy<string>();
  /** Items that apps tracked and that are none, by what is wrong with them. */
  readonly tracksRefused = new CountBy<string>();
  eventsDelivered = 0;
  swaps = 0;
  /** When the disk cache was last written, in epoch milliseconds; 0 = not yet. */
  cacheWrittenAtMs = 0;
  requestsInFlight = 0;
  connectionsDropped = 0;
  streamsDropped = 0;
}
