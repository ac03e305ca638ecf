// A fresh migrated database for one test, dropped when the test is done with it.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { inject } from 'vitest';
import { Pool } from '../../src/db/pool.ts';

/** How long connections may take to be gone from the server after they were closed here. */
const LEAK_DEADLINE_MS = 15_000;

export interface TestDatabase extends AsyncDisposable {
  /** Connects as the superuser that owns the database. */
  url: string;
  name: string;
}

/**
 * A copy of the migrated template, an empty database, or a copy of one (`like`) that nobody is connected to. Disposing it
 * fails if somebody is still connected: what a test opens, it closes.
 */
export async function createDatabase({
  migrated = true,
  like,
}: {
  migrated?: boolean;
  like?: TestDatabase;
} = {}): Promise<TestDatabase> {
  const name = `halyard_test_${randomBytes(8).toString('hex')}`;
  const template = like?.name ?? (migrated ? inject('templateDatabase') : "template0 encoding 'UTF8'");
  await asAdmin((admin) =>
    admin.query(`create database ${name} template ${template} strategy ${inject('copyStrategy')}`),
  );
  const url = new URL(inject('postgresUrl'));
  url.pathname = `/${name}`;
  return {
    url: url.href,
    name,
    [Symbol.asyncDispose]: () => asAdmin((admin) => drop(admin, name)),
  };
}

async function drop(admin: Pool, name: string): Promise<void> {
  const leaked = await connectionsAfterDeadline(admin, name);
  await admin.query(`drop database if exists ${name} with (force)`);
  assert.deepEqual(leaked, [], `connections to ${name} were not closed`);
}

async function connectionsAfterDeadline(admin: Pool, name: string): Promise<string[]> {
  for (let deadline = Date.now() + LEAK_DEADLINE_MS; ; ) {
    const { rows } = await admin.query<{ who: string }>(
      `select application_name || ': ' || query as who from pg_stat_activity
       where datname = $1 and backend_type = 'client backend'`,
      [name],
    );
    if (rows.length === 0 || Date.now() > deadline) return rows.map(({ who }) => who);
    await sleep(20);
  }
}

async function asAdmin<T>(work: (admin: Pool) => Promise<T>): Promise<T> {
  const admin = new Pool(inject('postgresUrl'), { maxConnections: 1 });
  try {
    return await work(admin);
  } finally {
    await admin.close();
  }
}
