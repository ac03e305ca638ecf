// A bell that a loop waits for between its rounds. It carries no data (invariant 9): rung once or a hundred times before it is heard, it is heard once.

export class Wake {
  #rung = false;
  #hear: (() => void) | undefined;

  /** Ends the wait, or the next one if none is under way. */
  ring(): void {
    this.#rung = true;
    this.#hear?.();
  }

  /** Waits until the bell is rung, the time is over or the signal aborts. True where it was rung. */
  async heard(timeoutMs: number, signal: AbortSignal): Promise<boolean> {
    if (!this.#rung && !signal.aborted) await this.#wait(timeoutMs, signal);
    const rung = this.#rung;
    this.#rung = false;
    return rung;
  }

  #wait(timeoutMs: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        this.#hear = undefined;
        resolve();
      };
      const timer = setTimeout(done, timeoutMs);
      signal.addEventListener('abort', done);
      this.#hear = done;
    });
  }
}
