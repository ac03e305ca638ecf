// A login of sync that was given more than it needs: it may read and write every table, and owns nothing.
import { randomBytes } from 'node:crypto';
import { Pool } from '../../src/db/pool.ts';

export interface ApplicationRole extends AsyncDisposable {
  url: string;
}

/** Everything is granted, so that a refusal is the guards', not the lack of a privilege. */
export async function createApplicationRole(databaseUrl: string): Promise<ApplicationRole> {
  const name = `halyard_test_${randomBytes(6).toString('hex')}`;
  const password = randomBytes(12).toString('hex');
  await asOwner(databaseUrl, `create role ${name} login password '${password}' in role halyard_sync`);
  await asOwner(
    databaseUrl,
    `grant select, insert, update, delete, truncate on all tables in schema halyard to ${name}`,
  );
  const url = new URL(databaseUrl);
  url.username = name;
  url.password = password;
  return {
    url: url.href,
    [Symbol.asyncDispose]: () => asOwner(databaseUrl, `drop owned by ${name}; drop role ${name}`),
  };
}

async function asOwner(url: string, statement: string): Promise<void> {
  await using owner = new Pool(url, { maxConnections: 1 });
  await owner.query(statement);
}
