// How long something may take in all, and how long it may be silent: whichever ends first ends it.

export interface PatienceOptions {
  /** Ends it too, with its own reason. */
  signal?: AbortSignal | undefined;
  /** For all of it. Left out: it may go on for ever. */
  deadlineMs?: number | undefined;
  /** Between two signs of life. Left out: it may be silent. */
  silenceMs?: number | undefined;
}

export class Patience implements Disposable {
  readonly #controller = new AbortController();
  readonly #given: AbortSignal | undefined;
  readonly #overdue: NodeJS.Timeout | undefined;
  readonly #silence: NodeJS.Timeout | undefined;
  #ended: string | undefined;
  readonly #onAbort = () => this.#controller.abort(this.#given?.reason);

  constructor({ signal, deadlineMs, silenceMs }: PatienceOptions) {
    this.#given = signal;
    if (signal?.aborted) this.#onAbort();
    signal?.addEventListener('abort', this.#onAbort);
    if (deadlineMs !== undefined)
      this.#overdue = setTimeout(() => this.#end('not within its deadline'), deadlineMs);
    if (silenceMs !== undefined)
      this.#silence = setTimeout(() => this.#end(`not a byte for ${silenceMs} ms`), silenceMs);
  }

  /** Aborted at the end. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** What was waited for in vain; undefined as long as there is patience, or where the given signal ended it. */
  get ended(): string | undefined {
    return this.#ended;
  }

  /** A sign of life: the silence begins anew. */
  heard(): void {
    this.#silence?.refresh();
  }

  [Symbol.dispose](): void {
    this.#given?.removeEventListener('abort', this.#onAbort);
    clearTimeout(this.#overdue);
    clearTimeout(this.#silence);
  }

  #end(why: string): void {
    this.#ended = why;
    this.#controller.abort(new Error(why));
  }
}
