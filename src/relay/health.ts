// How the source is doing, as status, probes and metrics tell it.
import type { Verdict } from './snapshot-store.ts';
import type { Fault, SourceNews } from './source.ts';

/** A source that has not been heard of for so long is taken for lost; each polls at least every five seconds. */
const STALE_AFTER_MS = 15_000;

export type DatedFault = Fault & { atMs: number };

export class SourceHealth {
  readonly #now: () => number;
  #confirmedAtMs: number | undefined;
  /** The source does not answer, or with nothing that could be served. */
  #outage: DatedFault | undefined;
  /** The newest snapshot of the source was not taken. "Nothing newer" does not mend that. */
  #refusal: DatedFault | undefined;

  /** @param now the clock, in epoch milliseconds */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Why what is served may not be what the source holds. */
  get fault(): DatedFault | undefined {
    return this.#outage ?? this.#refusal;
  }

  get state(): 'starting' | 'current' | 'faulty' {
    if (this.fault) return 'faulty';
    return this.#confirmedAtMs === undefined ? 'starting' : 'current';
  }

  /** When the source last confirmed that what is served is its newest, in epoch milliseconds. */
  get confirmedAtMs(): number | undefined {
    return this.#confirmedAtMs;
  }

  /** True where what is served may be older than what the source holds. */
  get stale(): boolean {
    if (this.fault || this.#confirmedAtMs === undefined) return true;
    return this.#now() - this.#confirmedAtMs > STALE_AFTER_MS;
  }

  /** Takes in what a source said and what became of it. Returns the fault if there is one that was not known before. */
  heard(news: SourceNews, verdict?: Verdict): Fault | undefined {
    const before = this.fault;
    if (news.type === 'fault') this.#outage = this.#dated(news.fault);
    else {
      const { ageMs, fault } = news.freshness ?? { ageMs: 0 };
      this.#outage = fault && this.#dated(fault);
      if (news.type === 'snapshot') {
        this.#refusal = verdict?.type === 'refused' ? this.#dated(verdict.fault) : undefined;
      }
      if (!this.#refusal && ageMs !== undefined) this.#confirmedAtMs = this.#now() - ageMs;
    }
    const after = this.fault;
    return after && !(before && isSame(before, after)) ? after : undefined;
  }

  #dated(fault: Fault): DatedFault {
    return this.fault && isSame(this.fault, fault) ? this.fault : { ...fault, atMs: this.#now() };
  }
}

function isSame(a: Fault, b: Fault): boolean {
  return a.code === b.code && a.message === b.message;
}
