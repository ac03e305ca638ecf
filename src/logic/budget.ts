// How much is reasoned about one thing. Steps are counted and never timed, so that every machine comes to the same answer.

/** One step is about one comparison of a value. */
export class Budget {
  #left: number;

  constructor(steps: number) {
    this.#left = steps;
  }

  /** False from when more is spent than there was: whoever reasons gives up, and takes for possible what is left. */
  spend(steps: number): boolean {
    this.#left -= steps;
    return this.#left >= 0;
  }

  get isUsedUp(): boolean {
    return this.#left < 0;
  }
}
