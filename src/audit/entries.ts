// Reads the stored entries of a chain in their order, a few megabytes at a time however long it is.
import type { Queryable } from '../db/pool.ts';

export interface StoredEntry {
  entry: number;
  previousHash: string;
  hash: string;
  content: string;
  /** By PostgreSQL's clock, as its transaction began, in epoch milliseconds. Outside the hash. */
  recordedAtMs: number;
  /** The content without its long lists, as PostgreSQL made it of that. */
  summary: object;
}

/** Of a large project, the first entry may alone be megabytes. */
const FEW = 20;
const MANY = 2_000;
/** As many more entries are read at once as come to so much text. */
const WANTED_LENGTH = 2 * 1024 * 1024;

/** Below every integer of PostgreSQL: an entry that is stored under no number that one may have is read too. */
const BEFORE_ALL = -(2 ** 31) - 1;

/** The entries in batches, by number. */
export async function* storedEntries(
  connection: Queryable,
  project: string,
): AsyncGenerator<[StoredEntry, ...StoredEntry[]]> {
  let limit = FEW;
  for (let after = BEFORE_ALL; ; ) {
    const { rows } = await connection.query<StoredEntry>(
      `select e.entry, e.previous_hash as "previousHash", e.hash, e.content, e.summary,
         (extract(epoch from e.recorded_at) * 1000)::float8 as "recordedAtMs"
       from halyard.audit_entry e where e.project = $1 and e.entry > $2::bigint order by e.entry limit $3`,
      [project, after, limit],
    );
    const [first, ...others] = rows;
    if (!first) return;
    yield [first, ...others];
    after = rows.at(-1)?.entry ?? after;
    const length = rows.reduce((sum, { content }) => sum + content.length, 0);
    limit = Math.max(FEW, Math.min(2 * limit, MANY, Math.floor((WANTED_LENGTH * rows.length) / length)));
  }
}
