// Writes one value after the other, and of those that wait only the newest.

export class LatestWrite<Value> {
  readonly #write: (value: Value) => Promise<void>;
  readonly #rest: () => Promise<void>;
  /** When the next one may begin. */
  #free: Promise<void> = Promise.resolve();
  #waiting: { value: Value; written: Promise<void> } | undefined;
  #underWay = 0;

  /** @param rest what to wait for between a write and the next one */
  constructor(write: (value: Value) => Promise<void>, rest: () => Promise<void> = async () => undefined) {
    this.#write = write;
    this.#rest = rest;
  }

  /** True while nothing is written, and nothing waits to be. */
  get isIdle(): boolean {
    return this.#underWay === 0;
  }

  /**
   * Resolves when the value, or a newer one in its place, is written; rejects where that fails. Each write has one
   * promise: values that one write stands for get the same.
   */
  save(value: Value): Promise<void> {
    if (this.#waiting) {
      this.#waiting.value = value;
      return this.#waiting.written;
    }
    const waiting = { value, written: this.#free.then(() => this.#begin()) };
    this.#waiting = waiting;
    this.#underWay++;
    const done = () => void this.#underWay--;
    this.#free = waiting.written.then(done, done).then(this.#rest);
    return waiting.written;
  }

  async #begin(): Promise<void> {
    const { value } = this.#waiting as { value: Value };
    this.#waiting = undefined;
    await this.#write(value);
  }
}
