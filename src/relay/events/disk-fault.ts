// What is wrong with a disk: said once when it begins, and once when it is over.
import type { Logger } from '../../io/log.ts';
import type { EventFault } from '../events.ts';

export class DiskFault {
  readonly #what: string;
  readonly #log: Logger;
  readonly #now: () => number;
  current: EventFault | undefined;

  /** @param what a sentence of what does not go */
  constructor(what: string, { log, now }: { log: Logger; now: () => number }) {
    this.#what = what;
    this.#log = log;
    this.#now = now;
  }

  began(error: unknown): void {
    if (this.current) return;
    const { code, message } = error as NodeJS.ErrnoException;
    this.current = { code: 'disk', message: `${this.#what}: ${code ?? message}`, atMs: this.#now() };
    this.#log.error({ error }, this.#what);
  }

  ended(): void {
    if (!this.current) return;
    this.current = undefined;
    this.#log.info('the spool is well again');
  }
}
