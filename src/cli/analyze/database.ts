// The database that `analyze` and `power` read: two connections, since two cores reduce events faster than one.
import { assertMigrated } from '../../db/migrate.ts';
import { Pool } from '../../db/pool.ts';
import { databaseUrl } from '../database-url.ts';

/** Millions of events take seconds; billions may take minutes. */
const STATEMENT_TIMEOUT_MS = 900_000;

/** Lends a pool of two connections to a migrated database. */
export async function withExperiments<T>(
  url: string | undefined,
  applicationName: string,
  use: (pool: Pool) => Promise<T>,
): Promise<T> {
  await using pool = new Pool(await databaseUrl({ databaseUrl: url }), {
    applicationName,
    maxConnections: 2,
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
  });
  await assertMigrated(pool);
  return await use(pool);
}
