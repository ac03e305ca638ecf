// The swaps that clients may be told of: those that every worker has made. Who is told of a change then finds it, whichever worker answers.
import type { SnapshotStore, Swap } from '../snapshot-store.ts';

/** A worker that has no time is not waited for longer; the clients of the others are told. */
const LONGEST_MS = 1_000;

export class Spread implements Pick<SnapshotStore, 'onSwap'> {
  readonly #listeners = new Set<(swap: Swap) => void>();
  #waiting: Swap[] = [];
  #overdue: NodeJS.Timeout | undefined;

  constructor(store: Pick<SnapshotStore, 'onSwap'>) {
    store.onSwap((swap) => {
      this.#waiting.push(swap);
      this.#overdue ??= setTimeout(() => this.complete(), LONGEST_MS).unref();
    });
  }

  onSwap(listener: (swap: Swap) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Called when all workers have made the swaps that this one has made. */
  complete(): void {
    clearTimeout(this.#overdue);
    this.#overdue = undefined;
    const swaps = this.#waiting;
    this.#waiting = [];
    for (const swap of swaps) for (const listener of this.#listeners) listener(swap);
  }
}
