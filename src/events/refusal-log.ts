// Says in the log what is refused: at once, and then once a minute, however much it is.
import type { Logger } from '../io/log.ts';
import type { Refusal } from './lines.ts';

const PAUSE_MS = 60_000;

export class RefusalLog {
  readonly #log: Logger;
  #counts: { [code: string]: number } = {};
  #pause: NodeJS.Timeout | undefined;

  constructor(log: Logger) {
    this.#log = log;
  }

  add(refused: readonly Refusal[]): void {
    if (refused.length === 0) return;
    for (const { code } of refused) this.#counts[code] = (this.#counts[code] ?? 0) + 1;
    if (this.#pause === undefined) this.flush();
  }

  /** Says what has not been said yet. */
  flush(): void {
    clearTimeout(this.#pause);
    this.#pause = undefined;
    if (Object.keys(this.#counts).length === 0) return;
    this.#log.warn({ codes: this.#counts }, 'events refused');
    this.#counts = {};
    this.#pause = setTimeout(() => this.flush(), PAUSE_MS).unref();
  }
}
