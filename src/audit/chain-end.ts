// The end of a chain as the database has it: what a checkpoint is made of.
import type { Queryable } from '../db/pool.ts';
import { textHash } from './chain.ts';

export interface ChainEnd {
  entry: number;
  hash: string;
  /** False where the hash does not fit the content: then somebody has changed one of them. */
  fits: boolean;
}

/** The last entry; undefined before the first. */
export async function readChainEnd(connection: Queryable, project: string): Promise<ChainEnd | undefined> {
  const { rows } = await connection.query<{
    entry: number;
    previousHash: string;
    hash: string;
    content: string;
  }>(
    `select e.entry, e.previous_hash as "previousHash", e.hash, e.content
     from halyard.audit_entry e where e.project = $1 order by e.entry desc limit 1`,
    [project],
  );
  const [last] = rows;
  if (!last) return undefined;
  const { entry, previousHash, hash, content } = last;
  return { entry, hash, fits: textHash(previousHash, content) === hash };
}

/** The hash that the chain has for an entry; undefined where it has none. */
export async function readEntryHash(
  connection: Queryable,
  project: string,
  entry: number,
): Promise<string | undefined> {
  const { rows } = await connection.query<{ hash: string }>(
    'select e.hash from halyard.audit_entry e where e.project = $1 and e.entry = $2',
    [project, entry],
  );
  return rows[0]?.hash;
}
