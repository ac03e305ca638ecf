// What docs/proof.md shows happens: a team with keys made on the spot, a real PostgreSQL, and its superuser covering something up.
// `npm run pages` writes what its commands print into it, for a change that was meant.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Pool } from '../src/db/pool.ts';
import { createDatabase } from './support/database.ts';
import { runPage } from './support/page/run-page.ts';
import { Workshop } from './support/page/workshop.ts';

const REWRITE = process.env.HALYARD_REWRITE_GOLDEN === '1';
const page = join(import.meta.dirname, '../docs/proof.md');

/** The login that the page makes, and that the server keeps for all of its databases. */
const LOGIN = 'shop_sync';

test('what docs/proof.md shows happens', async () => {
  const text = await readFile(page, 'utf8');
  await using database = await createDatabase({ migrated: false });
  const sync = Object.assign(new URL(database.url), { username: LOGIN, password: 'hoist' });
  await dropLogin(database.url);
  await using workshop = await Workshop.create({
    ADMIN_URL: database.url,
    HALYARD_DATABASE_URL: sync.href,
    // Everyone on this page commits under a name of their own.
    GIT_AUTHOR_NAME: undefined,
    GIT_AUTHOR_EMAIL: undefined,
    GIT_COMMITTER_NAME: undefined,
    GIT_COMMITTER_EMAIL: undefined,
  });
  try {
    const real = await runPage(text, workshop);
    if (REWRITE) await writeFile(page, real);
    else expect(text).toBe(real);
  } finally {
    await dropLogin(database.url);
  }
}, 180_000);

async function dropLogin(url: string): Promise<void> {
  await using owner = new Pool(url, { maxConnections: 1 });
  await owner.query(`drop role if exists ${LOGIN}`);
}
