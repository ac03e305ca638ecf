// What changed since a snapshot that a follower has, so that only that crosses the wire.
import { changedRows } from '../../engine/changes.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import type { SnapshotStore } from '../snapshot-store.ts';

/** The new rows of a snapshot, and its own head. */
export interface SnapshotChanges extends Snapshot {
  /** The revision that these rows are to be laid over. */
  after: number;
  /** Rows that are gone since then, as far as that is known. */
  removed: { kind: string; key: string }[];
}

/** They share their rows with the newest one, so one costs little more than a list of pointers. */
const MOST_REMEMBERED = 8;

/** The snapshots that were served lately, which followers may still have. */
export class PastSnapshots {
  readonly #past: Snapshot[] = [];

  constructor(store: Pick<SnapshotStore, 'onSwap'>) {
    store.onSwap(({ before }) => {
      if (before) this.#past.unshift(before.snapshot);
      this.#past.length = Math.min(this.#past.length, MOST_REMEMBERED);
    });
  }

  /**
   * Of a snapshot that is remembered, all that changed; else the rows with a later revision, which lack those that are
   * gone. A follower sees by the digest of the whole whether what it makes of them is right.
   */
  changesSince(after: number, { definitions, ...head }: Snapshot): SnapshotChanges {
    const base = this.#past.find(({ revision }) => revision === after)?.definitions;
    if (!base) {
      return { ...head, after, removed: [], definitions: definitions.filter((row) => row.revision > after) };
    }
    const changes = [...changedRows(base, definitions).values()];
    return {
      ...head,
      after,
      removed: changes.flatMap((change) =>
        change.before && !change.after ? [{ kind: change.before.kind, key: change.before.key }] : [],
      ),
      definitions: changes.flatMap((change) => change.after ?? []),
    };
  }
}
