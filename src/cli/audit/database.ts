// The database that the commands of `audit` and `access` read.
import { assertMigrated } from '../../db/migrate.ts';
import { Pool } from '../../db/pool.ts';
import { databaseUrl } from '../database-url.ts';

/** Lends a pool of one connection to a migrated database. */
export async function withDatabase<T>(
  url: string | undefined,
  use: (pool: Pool) => Promise<T>,
  applicationName = 'halyard audit',
): Promise<T> {
  const pool = new Pool(await databaseUrl({ databaseUrl: url }), { applicationName, maxConnections: 1 });
  try {
    await assertMigrated(pool);
    return await use(pool);
  } finally {
    await pool.close();
  }
}
