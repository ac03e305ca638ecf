// Answers for all flags that their client does not read: each is made anew, and long. Those for one flag are the same bytes for all who ask.
import { connectionOf, type Request, type Response } from './request.ts';

/** What may wait on one connection. */
const MOST_BYTES = 1024 * 1024;
/** Of small answers, the number of streams of a connection is bound enough. */
const SMALL_BYTES = 4 * 1024;

export class Unread {
  readonly #bytes = new WeakMap<object, number>();

  isTooMuch(request: Request): boolean {
    return (this.#bytes.get(connectionOf(request)) ?? 0) > MOST_BYTES;
  }

  /** Counts an answer of so many bytes until the client has it, or has gone away. */
  add(request: Request, response: Response, bytes: number): void {
    if (bytes <= SMALL_BYTES) return;
    const connection = connectionOf(request);
    const count = (more: number) => this.#bytes.set(connection, (this.#bytes.get(connection) ?? 0) + more);
    count(bytes);
    response.once('close', () => count(-bytes));
  }
}
