// A snapshot out of rows: changed ones are checked and laid over the snapshot before, and the whole must have the head's digest.
import { sha256Hex } from '../../lib/json.ts';
import { type EnvironmentDefinition, type Snapshot, snapshotDigest } from '../../model/snapshot.ts';
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

/** Lays rows over definitions, sorted by kind and key; undefined where a body has not its row's digest. */
function* lay(
  rows: readonly Row[],
  base: readonly EnvironmentDefinition[],
): Generator<void, EnvironmentDefinition[] | undefined> {
  const byName = new Map(base.map((definition) => [`${definition.kind} ${definition.key}`, definition]));
  for (const row of rows) {
    const name = `${row.kind} ${row.key}`;
    if (row.body === null) byName.delete(name);
    else {
      if (sha256Hex(row.body) !== row.digest) return undefined;
      byName.set(name, parse(row, row.body));
    }
    yield;
  }
  return [...byName.values()].sort(byKindAndKey);
}

/** The digest vouches for the body, and `sync` wrote none but checked ones. */
function parse({ kind, key, digest, revision }: Row, body: string): EnvironmentDefinition {
  return { kind, key, body: JSON.parse(body), digest, revision } as EnvironmentDefinition;
}

function byKindAndKey(a: EnvironmentDefinition, b: EnvironmentDefinition): number {
  if (a.kind !== b.kind) return a.kind < b.kind ? -1 : 1;
  return a.key < b.key ? -1 : 1;
}
