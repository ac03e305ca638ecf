// Connections and transactions on a real server: whose fault an error is, deadlines, and all or nothing.
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { assertDurable } from '../../src/db/durability.ts';
import { Pool } from '../../src/db/pool.ts';
import { withTransaction } from '../../src/db/transaction.ts';
import { UnreachableError, UsageError } from '../../src/lib/errors.ts';
import { TcpProxy } from '../relay/tcp-proxy.ts';
import { createDatabase } from '../support/database.ts';
import { within } from '../support/until.ts';

function urlWith(url: string, change: (url: URL) => void): string {
  const changed = new URL(url);
  change(changed);
  return changed.href;
}

test('no server, no database, no such user, no schema: each is called what it is, without the password', async () => {
  await using database = await createDatabase({ migrated: false });
  const cases: [url: string, error: typeof UsageError | typeof UnreachableError, message: RegExp][] = [
    [
      urlWith(database.url, (url) => Object.assign(url, { port: '1' })),
      UnreachableError,
      /does not answer.*ECONNREFUSED/,
    ],
    [
      urlWith(database.url, (url) => Object.assign(url, { pathname: '/no_such' })),
      UsageError,
      /"no_such" does not exist/,
    ],
    [
      urlWith(database.url, (url) => Object.assign(url, { username: 'nobody', password: 'hunter2' })),
      UsageError,
      /nobody/,
    ],
    [database.url, UsageError, /Run `halyard migrate` first/],
  ];
  for (const [url, type, message] of cases) {
    await using pool = new Pool(url);
    const error = await pool.query('select key from halyard.project').catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(type);
    expect((error as Error).message).toMatch(message);
    expect((error as Error).message).not.toContain(new URL(url).password || 'hunter2');
  }
});

test('a statement that takes too long is ended by the server, and the pool goes on', async () => {
  await using database = await createDatabase();
  await using pool = new Pool(database.url, { statementTimeoutMs: 100, maxConnections: 1 });
  await expect(pool.query('select pg_sleep(30)')).rejects.toBeInstanceOf(UnreachableError);
  expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
});

test('a connection that the server ends is not lent again', async () => {
  await using database = await createDatabase();
  await using pool = new Pool(database.url, { maxConnections: 1 });
  await using other = new Pool(database.url);
  const { rows } = await pool.query<{ pid: number }>('select pg_backend_pid() as pid');
  const lent = pool.withConnection(async (connection) => {
    await other.query('select pg_terminate_backend($1)', [rows[0]?.pid]);
    await sleep(50);
    return connection.query('select 1');
  });
  await expect(lent).rejects.toBeInstanceOf(UnreachableError);
  expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
});

test('closing does not wait for a server that says nothing', async () => {
  await using database = await createDatabase({ migrated: false });
  await using proxy = await TcpProxy.open(database.url);
  const pool = new Pool(proxy.urlOf(database.url));
  await pool.query('select 1');
  proxy.swallow();
  await within(30_000, pool.close());
});

test('a transaction commits all that its work did, and nothing of it when the work throws', async () => {
  await using database = await createDatabase({ migrated: false });
  await using pool = new Pool(database.url);
  await pool.query('create table public.thing (name text primary key)');
  await withTransaction(pool, {}, (tx) => tx.query(`insert into public.thing values ('kept')`));
  const failed = withTransaction(pool, {}, async (tx) => {
    await tx.query(`insert into public.thing values ('dropped')`);
    throw new Error('no');
  });
  await expect(failed).rejects.toThrow('no');
  expect((await pool.query('select name from public.thing')).rows).toEqual([{ name: 'kept' }]);
});

test('an error that the work swallows is no commit', async () => {
  await using database = await createDatabase({ migrated: false });
  await using pool = new Pool(database.url);
  const swallowed = withTransaction(pool, {}, async (tx) => {
    await tx.query('select 1 / 0').catch(() => {});
  });
  await expect(swallowed).rejects.toThrow(/was swallowed/);
});

test('a repeatable read sees one state, and a read-only one writes nothing', async () => {
  await using database = await createDatabase({ migrated: false });
  await using pool = new Pool(database.url);
  await pool.query('create table public.thing (name text primary key)');
  await withTransaction(pool, { isolation: 'repeatable read', readOnly: true }, async (tx) => {
    expect((await tx.query('select name from public.thing')).rows).toEqual([]);
    await pool.query(`insert into public.thing values ('later')`);
    expect((await tx.query('select name from public.thing')).rows).toEqual([]);
    await expect(tx.query(`insert into public.thing values ('mine')`)).rejects.toThrow(/read-only/);
  }).catch((error: Error) => expect(error.message).toMatch(/was swallowed/));
});

test('a server that only reads, as a standby does before it takes over, cannot answer a writer now', async () => {
  await using database = await createDatabase({ migrated: false });
  await using pool = new Pool(
    urlWith(database.url, (url) => url.searchParams.set('options', '-c default_transaction_read_only=on')),
  );
  const written = withTransaction(pool, {}, (tx) => tx.query('create table public.thing ()'));
  await expect(written).rejects.toThrow(UnreachableError);
});

test.each(['on', 'local', 'remote_apply'])(
  'a server with synchronous_commit = %s is durable',
  async (setting) => {
    await using database = await createDatabase({ migrated: false });
    await using pool = new Pool(
      urlWith(database.url, (url) => url.searchParams.set('options', `-c synchronous_commit=${setting}`)),
    );
    await assertDurable(pool);
  },
);

test('a server that may forget what it confirmed is refused, with the setting’s name', async () => {
  await using database = await createDatabase({ migrated: false });
  await using pool = new Pool(
    urlWith(database.url, (url) => url.searchParams.set('options', '-c synchronous_commit=off')),
  );
  await expect(assertDurable(pool)).rejects.toThrow(/with synchronous_commit off/);
});

test('what a login’s, a database’s or a URL’s own settings say of names and of dates changes nothing', async () => {
  await using database = await createDatabase();
  await using before = new Pool(database.url, { maxConnections: 1 });
  await before.query('create schema evil');
  await before.query(`create function evil.never(text, text) returns boolean language sql as 'select false'`);
  await before.query('create operator evil.= (leftarg = text, rightarg = text, function = evil.never)');
  await before.query(`alter database ${database.name} set search_path = evil, pg_catalog`);
  await before.query(`alter database ${database.name} set datestyle = 'German'`);
  const url = new URL(database.url);
  url.searchParams.set('options', '-c search_path=evil,pg_catalog -c geqo=off');
  for (const connected of [database.url, url.href]) {
    await using pool = new Pool(connected, { maxConnections: 1 });
    const { rows } = await pool.query<{ same: boolean; at: Date; geqo: string }>(
      `select 'a'::text = 'a'::text as same, timestamptz '2026-01-31T00:00:00Z' as at, current_setting('geqo') as geqo`,
    );
    const geqo = connected === database.url ? 'on' : 'off';
    expect(rows).toEqual([{ same: true, at: new Date('2026-01-31T00:00:00Z'), geqo }]);
  }
});
