// How many evaluate calls a second a relay answers, whoever asks and by whichever protocol.

/** A token bucket (a second's calls fit in, so an app that starts may ask for that many at once). */
export class RateLimit {
  readonly #perSecond: number;
  readonly #most: number;
  readonly #clockMs: () => number;
  #tokens: number;
  #filledMs: number;

  /**
   * @param perSecond calls a second, above 0; a worker's share of the limit may be no whole number
   * @param clockMs a clock that never goes back, in milliseconds
   */
  constructor(perSecond: number, clockMs: () => number = () => performance.now()) {
    this.#perSecond = perSecond;
    this.#most = Math.max(1, perSecond);
    this.#clockMs = clockMs;
    this.#tokens = this.#most;
    this.#filledMs = clockMs();
  }

  /** Takes a place for one call. Returns 0, or in how many whole seconds there will be one: that call is to be refused. */
  take(): number {
    const nowMs = this.#clockMs();
    const refill = ((nowMs - this.#filledMs) / 1000) * this.#perSecond;
    this.#tokens = Math.min(this.#most, this.#tokens + refill);
    this.#filledMs = nowMs;
    if (this.#tokens < 1) return Math.ceil((1 - this.#tokens) / this.#perSecond);
    this.#tokens--;
    return 0;
  }
}
