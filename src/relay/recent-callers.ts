// What all flags decided for the callers of late: a client that polls asks again and again, and costs no evaluation.
import { hash } from 'node:crypto';
import type { Ruleset } from '../engine/compile.ts';
import { evaluateAll } from '../engine/evaluate.ts';
import { nextChangeMs } from '../engine/next-change.ts';
import type { Context } from '../model/context.ts';
import type { Decision } from '../model/decision.ts';

/** Together they bound the memory, to 4 MB: each decision is only referred to. */
const MOST_CALLERS = 1_000;
const MOST_DECISIONS = 512 * 1024;
/** A longer body costs more to recognise. */
const MOST_CHARS = 4 * 1024;
/** Where time changes something more often than that, all is worked out anew for a while: to look for the next change costs too. */
const LOOK_MS = 1_000;

/** Of one ruleset. Callers are known by a digest of what they sent, so that nobody's attributes are kept. */
export class RecentCallers {
  readonly #ruleset: Ruleset;
  readonly #most: number;
  /** The one that asked last comes last. */
  readonly #decisions = new Map<string, readonly Decision[]>();
  /** What was decided holds from this time on, and until that one. */
  #fromMs = Number.POSITIVE_INFINITY;
  #untilMs = Number.NEGATIVE_INFINITY;

  constructor(ruleset: Ruleset) {
    this.#ruleset = ruleset;
    this.#most = Math.min(MOST_CALLERS, Math.floor(MOST_DECISIONS / ruleset.flags.size));
  }

  /**
   * What each flag decides for a context, in the ruleset's order.
   * @param body what the context was read from, and nothing else that depends on the request
   */
  decideAll(body: string, context: Context, nowMs: number): readonly Decision[] {
    if (body.length > MOST_CHARS || !this.#holds(nowMs)) return evaluateAll(this.#ruleset, context, nowMs);
    const caller = hash('sha256', body, 'base64');
    const known = this.#decisions.get(caller);
    if (known) this.#decisions.delete(caller);
    else if (this.#decisions.size >= this.#most) this.#forgetFirst();
    const decisions = known ?? evaluateAll(this.#ruleset, context, nowMs);
    this.#decisions.set(caller, decisions);
    return decisions;
  }

  /** Whether what was decided holds now; forgets it where it does not. */
  #holds(nowMs: number): boolean {
    if (nowMs >= this.#fromMs && nowMs < this.#untilMs) return true;
    if (nowMs >= this.#fromMs && nowMs < this.#fromMs + LOOK_MS) return false;
    this.#decisions.clear();
    this.#fromMs = nowMs;
    this.#untilMs = nextChangeMs(this.#ruleset, nowMs) ?? Number.POSITIVE_INFINITY;
    return true;
  }

  #forgetFirst(): void {
    for (const first of this.#decisions.keys()) {
      this.#decisions.delete(first);
      return;
    }
  }
}
