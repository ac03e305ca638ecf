// A snapshot as JSON text, made in slices: ten thousand flags are megabytes.
import type { Snapshot } from '../model/snapshot.ts';
import { inSlices } from './slices.ts';

/** So many rows become text in well under a millisecond. */
const ROWS_AT_ONCE = 32;

/** The same text as `JSON.stringify(snapshot)`, without holding the event loop for long. */
export function snapshotText(snapshot: Snapshot): Promise<string> {
  return inSlices(joined(snapshotParts(snapshot)));
}

/** The same text in short parts. */
export function* snapshotParts({ definitions, ...head }: Snapshot): Generator<string> {
  yield `${JSON.stringify(head).slice(0, -1)},"definitions":[`;
  for (let at = 0; at < definitions.length; at += ROWS_AT_ONCE) {
    const rows = definitions.slice(at, at + ROWS_AT_ONCE).map((row) => JSON.stringify(row));
    yield (at > 0 ? ',' : '') + rows.join(',');
  }
  yield ']}';
}

function* joined(parts: Iterable<string>): Generator<void, string> {
  const texts: string[] = [];
  for (const part of parts) {
    texts.push(part);
    yield;
  }
  return texts.join('');
}
