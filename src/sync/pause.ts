// A pause that a wake-up ends. Wake-ups carry no data (invariant 9): one that comes during the work makes the next pause short.

export class Pause {
  #due = false;
  #end: (() => void) | undefined;

  /** Ends the pause, or the next one if none is under way. Many wake-ups are one. */
  wake(): void {
    this.#due = true;
    this.#end?.();
  }

  /** Resolves after the time, at a wake-up or when the signal is aborted. */
  async wait(ms: number, signal: AbortSignal): Promise<void> {
    if (!this.#due && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        this.#end = () => {
          clearTimeout(timer);
          resolve();
        };
        signal.addEventListener('abort', this.#end, { once: true });
      });
      if (this.#end) signal.removeEventListener('abort', this.#end);
      this.#end = undefined;
    }
    this.#due = false;
  }
}
