// A snapshot as JSON text, made in slices: ten thousand flags are megabytes.
import type { Snapshot } from '../model/snapshot.ts';
import { inSlices } from './slices.ts';

/** The same text as `JSON.stringify(snapshot)`, without holding the event loop for long. */
export function snapshotText(snapshot: Snapshot): Promise<string> {
  return inSlices(stringify(snapshot));
}

function* stringify({ definitions, ...head }: Snapshot): Generator<void, string> {
  const rows: string[] = [];
  for (const row of definitions) {
    rows.push(JSON.stringify(row));
    if (rows.length % 32 === 0) yield;
  }
  return `${JSON.stringify(head).slice(0, -1)},"definitions":[${rows.join(',')}]}`;
}
