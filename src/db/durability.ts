// Refuses a PostgreSQL that may forget what it has confirmed: without durability an audit proves nothing.
import { UsageError } from '../lib/errors.ts';
import type { Queryable } from './pool.ts';

/** Throws UsageError where `fsync`, `full_page_writes` or `synchronous_commit` is off. */
export async function assertDurable(connection: Queryable): Promise<void> {
  const { rows } = await connection.query<{ name: string }>(
    `select s.name from pg_catalog.pg_settings s
     where s.name in ('fsync', 'full_page_writes', 'synchronous_commit') and s.setting = 'off'
     order by s.name`,
  );
  if (rows.length === 0) return;
  const names = rows.map(({ name }) => name).join(', ');
  throw new UsageError(
    `PostgreSQL runs with ${names} off, so it may lose what it has confirmed, audit entries included. ` +
      'Turn it on (alter system, or alter role for synchronous_commit), then start again.',
  );
}
