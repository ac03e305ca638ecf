// A snapshot out of rows: changed ones are checked and laid over the snapshot before, and the whole must have the head's digest.
import { sha256Hex } from '../../lib/json.ts';
import {
  compareRows,
  type EnvironmentDefinition,
  type Snapshot,
  snapshotDigest,
} from '../../model/snapshot.ts';
import { inSlices } from '../slices.ts';
import type { Head, Row } from './postgres-queries.ts';

/** What one read of the database found. */
export interface State {
  project: string;
  environment: string;
  head: Head;
  rows: readonly Row[];
}

/** The snapshot that the head names; undefined where the rows do not add up to it. */
export async function assemble(state: State, base: Snapshot | undefined): Promise<Snapshot | undefined> {
  const definitions = await inSlices(lay(state.rows, base?.definitions ?? []));
  if (!definitions || snapshotDigest(definitions) !== state.head.digest) return undefined;
  const { revision, commit, digest, entry, entryHash } = state.head;
  const { project, environment } = state;
  return {
    project,
    environment,
    revision,
    ...(commit !== null && { commit }),
    digest,
    entry,
    entryHash,
    definitions,
  };
}

/**
 * Lays rows over definitions, which are sorted by kind and key as the result is: both are walked once, and what did not
 * change is the same object as before. Undefined where a body has not its row's digest.
 */
function* lay(
  rows: readonly Row[],
  base: readonly EnvironmentDefinition[],
): Generator<void, EnvironmentDefinition[] | undefined> {
  const laid: EnvironmentDefinition[] = [];
  let at = 0;
  for (const row of rows.toSorted(compareRows)) {
    for (let next = base[at]; next && compareRows(next, row) < 0; next = base[++at]) laid.push(next);
    const replaced = base[at];
    if (replaced && compareRows(replaced, row) === 0) at++;
    if (row.body !== null) {
      if (sha256Hex(row.body) !== row.digest) return undefined;
      laid.push(parse(row, row.body));
    }
    yield;
  }
  for (; at < base.length; at++) laid.push(base[at] as EnvironmentDefinition);
  return laid;
}

/** The digest vouches for the body, and `sync` wrote none but checked ones. */
function parse({ kind, key, digest, revision }: Row, body: string): EnvironmentDefinition {
  return { kind, key, body: JSON.parse(body), digest, revision } as EnvironmentDefinition;
}
