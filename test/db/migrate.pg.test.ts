// Migrations on a real server: from nothing, twice, two at once, edited, newer.
import { expect, inject, test } from 'vitest';
import { assertMigrated, migrate } from '../../src/db/migrate.ts';
import { Pool } from '../../src/db/pool.ts';
import { UsageError } from '../../src/lib/errors.ts';
import { createDatabase } from '../support/database.ts';

test('an empty database gets every migration in order, and a second run finds nothing to do', async () => {
  await using database = await createDatabase({ migrated: false });
  const applied = await migrate(database.url);
  expect(applied.map(({ version }) => version)).toEqual(applied.map((_, index) => index + 1));
  expect(applied.length).toBeGreaterThan(0);
  expect(await migrate(database.url)).toEqual([]);
});

test('of several migrators at once each migration is applied by one', async () => {
  await using database = await createDatabase({ migrated: false });
  const runs = await Promise.all(Array.from({ length: 4 }, () => migrate(database.url)));
  const versions = runs.flat().map(({ version }) => version);
  expect(versions.toSorted((a, b) => a - b)).toEqual(versions.map((_, index) => index + 1));
});

test('an edited migration, and a database newer than the program, are refused with what to do', async () => {
  await using database = await createDatabase();
  await using pool = new Pool(database.url);
  await assertMigrated(pool);
  await pool.query(`insert into halyard.migration (version, name, md5) values (999, 'later', 'x')`);
  await expect(migrate(database.url)).rejects.toThrow(/newer than the \d+ of this halyard/);
  await expect(assertMigrated(pool)).rejects.toBeInstanceOf(UsageError);
  await pool.query('delete from halyard.migration where version = 999');
  await pool.query(`update halyard.migration set md5 = 'edited' where version = 2`);
  await expect(migrate(database.url)).rejects.toThrow(/migration 2 .* was edited/);
  await expect(migrate(database.url)).rejects.toBeInstanceOf(UsageError);
});

test('a database that lacks migrations is named, whether it lacks some or all', async () => {
  await using database = await createDatabase({ migrated: false });
  await using pool = new Pool(database.url);
  await expect(assertMigrated(pool)).rejects.toThrow(/version 0, .* Run `halyard migrate` first/);
  await migrate(database.url);
  await pool.query('delete from halyard.migration where version > 2');
  await expect(assertMigrated(pool)).rejects.toThrow(/version 2, .* Run `halyard migrate` first/);
});

test('a migration that fails leaves nothing of itself', async () => {
  await using database = await createDatabase({ migrated: false });
  await using pool = new Pool(database.url);
  await pool.query('create schema halyard; create function halyard.guard_changes() returns int return 1');
  await expect(migrate(database.url)).rejects.toThrow(/guard_changes/);
  const { rows } = await pool.query(
    `select (select max(version)::int from halyard.migration) as version,
       (select count(*)::int from pg_proc where pronamespace = 'halyard'::regnamespace) as functions`,
  );
  expect(rows).toEqual([{ version: 1, functions: 1 }]);
});

test('a database of another encoding is refused', async () => {
  const name = `halyard_test_latin1_${process.pid}`;
  const url = new URL(inject('postgresUrl'));
  await using admin = new Pool(url.href, { maxConnections: 1 });
  await admin.query(`create database ${name} template template0 encoding 'LATIN1' locale 'C'`);
  try {
    url.pathname = `/${name}`;
    await expect(migrate(url.href)).rejects.toThrow(/encoding is LATIN1, and Halyard needs UTF8/);
  } finally {
    await admin.query(`drop database ${name} with (force)`);
  }
});
