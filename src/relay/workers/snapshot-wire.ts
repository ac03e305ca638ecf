// A snapshot's way from the primary process to a worker: only the rows that changed, in slices, and checked by the digest of the whole.
import { changedRows } from '../../engine/changes.ts';
import {
  compareRows,
  type EnvironmentDefinition,
  type Snapshot,
  snapshotDigest,
} from '../../model/snapshot.ts';
import type { SnapshotHead, ToWorker } from './messages.ts';

/** Rows in one message: writing or reading them takes about a millisecond. */
const SLICE = 100;

type Rows = readonly EnvironmentDefinition[];

/** Sends what a worker lacks that has `base`, so that it has `next`. `send` resolves when a message is on its way. */
export async function sendSnapshot(
  base: Snapshot | undefined,
  { definitions, ...head }: Snapshot,
  fromCache: boolean,
  send: (message: ToWorker) => Promise<void>,
): Promise<void> {
  const changes = [...changedRows(base?.definitions ?? [], definitions).values()];
  const rows = changes.flatMap(({ after }) => after ?? []);
  const removed = changes.flatMap(({ before, after }) => (before && !after ? [nameOf(before)] : []));
  for (let at = 0; at < rows.length; at += SLICE) {
    await send({ type: 'rows', rows: rows.slice(at, at + SLICE) });
  }
  await send({ type: 'snapshot', head, removed, fromCache });
}

/** The other end: puts a worker's next snapshot together. */
export class SnapshotReader {
  #rows = new Map<string, EnvironmentDefinition>();

  add(rows: Rows): void {
    for (const row of rows) this.#rows.set(nameOf(row), row);
  }

  /** Throws where the rows do not add up to what the head says. */
  async end(head: SnapshotHead, removed: readonly string[]): Promise<Snapshot> {
    for (const name of removed) this.#rows.delete(name);
    const definitions = [...this.#rows.values()].sort(compareRows);
    if (snapshotDigest(definitions) !== head.digest) {
      throw new Error(`what came of revision ${head.revision} does not add up to it`);
    }
    return { ...head, definitions };
  }
}

function nameOf({ kind, key }: { kind: string; key: string }): string {
  return `${kind} ${key}`;
}
