// A worker's channel to its primary process.
import type { FromWorker, Question } from './messages.ts';

const ANSWER_MS = 3_000;

export class Channel {
  readonly #asked = new Map<number, (answer: unknown) => void>();
  #lastId = 0;

  /** Resolves when the message is on its way, or the primary is gone. */
  send(message: FromWorker): Promise<void> {
    return new Promise((resolve) => {
      if (process.connected) process.send?.(message, undefined, undefined, () => resolve());
      else resolve();
    });
  }

  /** What the primary answers; undefined also where it does not within 3 s. */
  ask(question: Question): Promise<unknown> {
    const id = ++this.#lastId;
    return new Promise((resolve) => {
      const overdue = setTimeout(() => this.answered(id, undefined), ANSWER_MS);
      this.#asked.set(id, (answer) => {
        clearTimeout(overdue);
        resolve(answer);
      });
      void this.send({ type: 'ask', id, question });
    });
  }

  /** Takes an answer in. */
  answered(id: number, answer: unknown): void {
    this.#asked.get(id)?.(answer);
    this.#asked.delete(id);
  }
}
