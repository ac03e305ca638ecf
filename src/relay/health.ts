// How the source is doing, as status, probes and metrics tell it.
import type { Verdict } from './snapshot-store.ts';
import type { Fault, SourceNews } from './source.ts';

/** A source that has not been heard of for so long is taken for lost; each polls at least every five seconds. */
export const STALE_AFTER_MS = 15_000;

export type DatedFault = Fault & { atMs: number };

/** All that is known, as plain JSON. */
export interface HealthFacts {
  confirmedAtMs?: number | undefined;
  outage?: DatedFault | undefined;
  refusal?: DatedFault | undefined;
  cacheFault?: DatedFault | undefined;
}

/** `since`: by the steady clock. */
type Standing = Fault & { since: number };

const SILENT: Fault = {
  code: 'silent',
  message: `the source has confirmed nothing for ${STALE_AFTER_MS / 1000} s`,
};

export class SourceHealth {
  readonly #now: () => number;
  readonly #steady: () => number;
  #confirmedAt: number | undefined;
  /** The source does not answer, or with nothing that could be served. */
  #outage: Standing | undefined;
  /** The newest snapshot of the source was not taken. "Nothing newer" does not mend that. */
  #refusal: Standing | undefined;
  #cacheFault: Standing | undefined;

  /**
   * @param now the clock, in epoch milliseconds
   * @param steady milliseconds that pass alike whatever the clock is set to, so that ages are true and never negative
   */
  constructor(now: () => number, steady = () => performance.now()) {
    this.#now = now;
    this.#steady = steady;
  }

  /** Why what is served may not be what the source holds. */
  get fault(): DatedFault | undefined {
    const standing = this.#standing;
    return standing && this.#dated(standing);
  }

  /** Why what is on disk is not what is served. */
  get cacheFault(): DatedFault | undefined {
    return this.#cacheFault && this.#dated(this.#cacheFault);
  }

  get state(): 'starting' | 'current' | 'faulty' {
    if (this.#standing) return 'faulty';
    return this.#confirmedAt === undefined ? 'starting' : 'current';
  }

  /** When the source last confirmed that what is served is its newest, in epoch milliseconds. */
  get confirmedAtMs(): number | undefined {
    return this.#confirmedAt === undefined ? undefined : this.#epochMs(this.#confirmedAt);
  }

  /** True where what is served may be older than what the source holds. */
  get stale(): boolean {
    return this.#confirmedAt === undefined || this.#standing !== undefined;
  }

  /** What is known, for another process to take over. */
  get facts(): HealthFacts {
    return {
      confirmedAtMs: this.confirmedAtMs,
      outage: this.#outage && plain(this.#dated(this.#outage)),
      refusal: this.#refusal && plain(this.#dated(this.#refusal)),
      cacheFault: this.#cacheFault && plain(this.#dated(this.#cacheFault)),
    };
  }

  set facts({ confirmedAtMs, outage, refusal, cacheFault }: HealthFacts) {
    this.#confirmedAt = confirmedAtMs === undefined ? undefined : this.#steadyOf(confirmedAtMs);
    this.#outage = outage && this.#standingOf(outage);
    this.#refusal = refusal && this.#standingOf(refusal);
    this.#cacheFault = cacheFault && this.#standingOf(cacheFault);
  }

  /** Takes in what a source said and what became of it. Returns the fault if there is one that was not known before. */
  heard(news: SourceNews, verdict?: Verdict): Fault | undefined {
    const before = this.#standing;
    if (news.type === 'fault') this.#outage = this.#since(news.fault);
    else {
      const { ageMs, fault } = news.freshness ?? { ageMs: 0 };
      this.#outage = fault && this.#since(fault);
      if (news.type === 'snapshot') {
        this.#refusal = verdict?.type === 'refused' ? this.#since(verdict.fault) : undefined;
      }
      if (!this.#refusal && ageMs !== undefined) {
        const at = this.#steady() - ageMs;
        // Of several relays behind one address one may have heard less lately; what another has confirmed, it has.
        this.#confirmedAt = news.type === 'current' ? Math.max(at, this.#confirmedAt ?? at) : at;
      }
    }
    const after = this.#standing;
    return after && !(before && isSame(before, after)) ? after : undefined;
  }

  /** Takes in that the cache could not be written, or undefined: that it holds what is served. */
  cacheIs(fault: Fault | undefined): void {
    if (!fault || !this.#cacheFault || !isSame(fault, this.#cacheFault))
      this.#cacheFault = fault && { ...fault, since: this.#steady() };
  }

  get #standing(): Standing | undefined {
    return this.#outage ?? this.#refusal ?? this.#silence;
  }

  get #silence(): Standing | undefined {
    if (this.#confirmedAt === undefined) return undefined;
    const since = this.#confirmedAt + STALE_AFTER_MS;
    return this.#steady() > since ? { ...SILENT, since } : undefined;
  }

  #since(fault: Fault): Standing {
    const standing = this.#standing;
    // One that is told in other words goes on.
    return { ...fault, since: standing?.code === fault.code ? standing.since : this.#steady() };
  }

  #dated({ since, ...fault }: Standing): DatedFault {
    return { ...fault, atMs: this.#epochMs(since) };
  }

  #standingOf({ atMs, ...fault }: DatedFault): Standing {
    return { ...fault, since: this.#steadyOf(atMs) };
  }

  /** Each process has a steady clock of its own, so what passes between them is of the other one. */
  #steadyOf(epochMs: number): number {
    return this.#steady() - (this.#now() - epochMs);
  }

  /** A moment of the steady clock, as the clock of today would have named it. */
  #epochMs(moment: number): number {
    return Math.round(this.#now() - (this.#steady() - moment));
  }
}

function plain({ code, message, atMs }: DatedFault): DatedFault {
  return { code, message, atMs };
}

function isSame(a: Fault, b: Fault): boolean {
  return a.code === b.code && a.message === b.message;
}
