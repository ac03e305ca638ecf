// Migrations on a real server: from nothing, twice, two at once, edited, newer.
import { expect, test } from 'vitest';
import { migrate } from '../../src/db/migrate.ts';
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
