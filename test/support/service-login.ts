// Logins as a database's administrator makes them for Halyard's services.
import { randomBytes } from 'node:crypto';
import { Pool } from '../../src/db/pool.ts';

export interface ServiceLogin extends AsyncDisposable {
  name: string;
  url: string;
}

export interface LoginOptions {
  /** The group that it is in: halyard_sync, halyard_relay, halyard_collector, halyard_analyst or halyard_reader. None: a stranger. */
  group?: string;
  attributes?: string;
  /** What a relay's login may read. */
  sees?: { project: string; environment: string };
}

/** A login with a password of its own, dropped when it is disposed of. */
export async function createLogin(databaseUrl: string, options: LoginOptions = {}): Promise<ServiceLogin> {
  const { group, attributes = '', sees } = options;
  const name = `halyard_login_${randomBytes(6).toString('hex')}`;
  const password = randomBytes(12).toString('hex');
  const membership = group === undefined ? '' : `in role ${group}`;
  await asOwner(databaseUrl, `create role ${name} login ${attributes} password '${password}' ${membership}`);
  if (sees) {
    await asOwner(
      databaseUrl,
      `insert into halyard.relay_login (login, project, environment) values ('${name}', '${sees.project}', '${sees.environment}')`,
    );
  }
  const url = new URL(databaseUrl);
  url.username = name;
  url.password = password;
  return {
    name,
    url: url.href,
    [Symbol.asyncDispose]: () => asOwner(databaseUrl, `drop owned by ${name}; drop role ${name}`),
  };
}

async function asOwner(url: string, statement: string): Promise<void> {
  await using owner = new Pool(url, { maxConnections: 1 });
  await owner.query(statement);
}
