// Compares what the database applies and serves with what the entries of its audit leave. Pure.
import { snapshotDigest } from '../model/snapshot.ts';
import { type Break, broken } from './break.ts';
import { type Left, type Replay, rowId, rowName, type StoredRevision } from './replay.ts';

/** A row of `definition`, or of `environment_definition`, with the digest that follows from its body. */
export interface ServedRow {
  kind: string;
  key: string;
  environment: string | null;
  digest: string | null;
  /** Null for a tombstone. */
  computed: string | null;
  revision: number;
}

export interface ServedHead {
  environment: string;
  revision: number;
  commit: string | null;
  digest: string;
  entry: number;
  entryHash: string;
}

/** All that the database holds for a project beside its audit. */
export interface Served {
  lastJudgedCommit: string | null;
  revisions: StoredRevision[];
  rows: ServedRow[];
  heads: ServedHead[];
}

/**
 * The first thing that does not follow from the entries, or undefined.
 * @param hashes the hash of each entry, entry 1 first
 */
export function servedBreak(served: Served, replay: Replay, hashes: readonly string[]): Break | undefined {
  return (
    revisionBreak(served.revisions, replay.revisions) ??
    judgedBreak(served.lastJudgedCommit, replay) ??
    rowsBreak(served.rows, replay) ??
    headsBreak(served, replay, hashes)
  );
}

function revisionBreak(
  stored: readonly StoredRevision[],
  expected: readonly StoredRevision[],
): Break | undefined {
  const rows = new Map(stored.map((revision) => [revision.number, revision]));
  const twice = stored.find((revision) => rows.get(revision.number) !== revision);
  if (twice) return broken('inserted', `revision ${twice.number} is there twice`, twice.entry);
  for (const { number, entry, commit } of expected) {
    const row = rows.get(number);
    if (!row) return broken('deleted', `revision ${number} of entry ${entry} is gone`, entry);
    if (row.entry !== entry || row.commit !== commit) {
      return broken('altered', `revision ${number} is not as entry ${entry} made it`, entry);
    }
    rows.delete(number);
  }
  const [extra] = rows.keys();
  return extra === undefined ? undefined : broken('inserted', `revision ${extra} is that of no entry`);
}

function judgedBreak(stored: string | null, { lastJudgedCommit }: Replay): Break | undefined {
  if (stored === (lastJudgedCommit ?? null)) return undefined;
  return broken(
    'altered',
    `the project's last judged commit is ${stored}, by the audit ${lastJudgedCommit ?? 'none'}`,
  );
}

function rowsBreak(rows: readonly ServedRow[], replay: Replay): Break | undefined {
  const unseen = new Map(replay.rows);
  for (const row of rows) {
    const left = unseen.get(rowId(row));
    unseen.delete(rowId(row));
    const why = rowFault(row, left);
    if (why) return broken('serving-unaudited', `${rowName(row)} ${why}`, left?.entry);
  }
  for (const { name, environment, after, entry } of unseen.values()) {
    // A deleted definition leaves no row; a deleted row of an environment leaves its tombstone.
    if (after !== null || environment !== null) return broken('serving-unaudited', `${name} is gone`, entry);
  }
  return undefined;
}

function rowFault(row: ServedRow, left: Left | undefined): string | undefined {
  if (!left) return 'is there without any entry';
  if (row.computed !== left.after) return `is not what entry ${left.entry} left`;
  if (row.digest !== row.computed) return 'has a digest that is not that of its body';
  if (row.revision !== left.revision) return `has revision ${row.revision}, expected ${left.revision}`;
  return undefined;
}

function headsBreak({ rows, heads }: Served, replay: Replay, hashes: readonly string[]): Break | undefined {
  const environments = Map.groupBy(
    rows.filter((row): row is ServedRow & { environment: string } => row.environment !== null),
    ({ environment }) => environment,
  );
  const present = new Map(heads.map((head) => [head.environment, head]));
  const twice = heads.find((head) => present.get(head.environment) !== head);
  if (twice) return broken('serving-unaudited', `${twice.environment} has more than one snapshot_head`);
  for (const [environment, served] of environments) {
    const head = present.get(environment);
    if (!head) return broken('serving-unaudited', `snapshot_head of ${environment} is gone`);
    const why = headFault(head, served, replay, hashes);
    if (why) return broken('serving-unaudited', `snapshot_head of ${environment} ${why}`, head.entry);
    present.delete(environment);
  }
  const [extra] = present.keys();
  return extra === undefined
    ? undefined
    : broken('serving-unaudited', `snapshot_head of ${extra} is there without any entry`);
}

function headFault(
  head: ServedHead,
  served: readonly ServedRow[],
  replay: Replay,
  hashes: readonly string[],
): string | undefined {
  const lefts = served.map((row) => replay.rows.get(rowId(row)) as Left);
  const last = lefts.reduce((newest, left) => (left.entry > newest.entry ? left : newest));
  if (head.entry !== last.entry)
    return `names entry ${head.entry}, though entry ${last.entry} was the last to change it`;
  if (head.entryHash !== hashes[head.entry - 1])
    return `has another hash for entry ${head.entry} than the chain`;
  if (head.revision !== last.revision) return `has revision ${head.revision}, expected ${last.revision}`;
  const commit = replay.commits.get(head.environment) ?? null;
  if (head.commit !== commit) return `names another commit than ${commit}, which last changed it`;
  const live = served.flatMap(({ kind, key, computed }) =>
    computed === null ? [] : { kind, key, digest: computed },
  );
  return snapshotDigest(live) === head.digest ? undefined : 'has a digest that is not that of its rows';
}
