// What the guards let through: honest transactions in whatever order they are written, two writers at once, and large ones in time.
import { expect, test } from 'vitest';
import { verifyAudit } from '../../src/audit/verify.ts';
import { Pool } from '../../src/db/pool.ts';
import { type Tx, withTransaction } from '../../src/db/transaction.ts';
import { createDatabase } from '../support/database.ts';
import {
  applyCommit,
  changesFor,
  environmentsOf,
  flag,
  noFlag,
  type Wanted,
  writeCommit,
  writeEntry,
  writeHeads,
  writeRevision,
  writeRows,
} from './writing.ts';

const PROJECT = 'acme/shop';

test('definitions are created, updated, deleted and created again', async () => {
  await using database = await createDatabase();
  await using pool = new Pool(database.url);
  for (const wanted of [flag('a', 1), flag('a', 2), noFlag('a'), flag('a', 1)]) {
    await applyCommit(pool, PROJECT, wanted);
  }
  expect(await verifyAudit(pool)).toMatchObject({ projects: [{ entries: 4 }] });
  expect((await verifyAudit(pool)).break).toBeUndefined();
});

test('what counts is the net effect: rows may change several times on their way to what the entry says', async () => {
  await using database = await createDatabase();
  await using pool = new Pool(database.url);
  await applyCommit(pool, PROJECT, [...flag('a', 1), ...flag('b', 1)]);
  await withTransaction(pool, {}, async (tx) => {
    const wanted = [...flag('a', 3), ...noFlag('b')];
    const written = await writeEntry(tx, PROJECT, wanted);
    await writeRevision(tx, PROJECT, written);
    await writeRows(tx, PROJECT, 2, [...flag('a', 2), ...noFlag('b')]);
    await writeRows(tx, PROJECT, 2, [...flag('a', 3), ...flag('b', 2)]);
    await writeRows(tx, PROJECT, 2, noFlag('b'));
    await writeHeads(tx, PROJECT, written, environmentsOf(wanted));
  });
  expect((await verifyAudit(pool)).break).toBeUndefined();
});

test('of two writers at once one waits for the other, and both have their entry', async () => {
  await using database = await createDatabase();
  await using pool = new Pool(database.url, { maxConnections: 8 });
  await applyCommit(pool, PROJECT, flag('a', 0));
  const entries = await Promise.all(
    Array.from({ length: 8 }, (_, n) => applyCommit(pool, PROJECT, flag('a', n + 1))),
  );
  expect(entries.map(({ entry }) => entry).toSorted((a, b) => a - b)).toEqual([2, 3, 4, 5, 6, 7, 8, 9]);
  expect((await verifyAudit(pool)).break).toBeUndefined();
});

test('ten thousand definitions cost the guards some ten times the rows that a thousand cost, in a session that has only seen small ones', async () => {
  await using database = await createDatabase();
  await using pool = new Pool(database.url, { maxConnections: 1 });
  // So many that PostgreSQL has settled on the plans of its statements while it knows that the tables are all but empty.
  await applyCommit(pool, 'acme/small', flag('a', 0));
  await pool.query('analyze');
  for (let round = 1; round < 12; round++) await applyCommit(pool, 'acme/small', flag('a', round));
  const rowsReadBy = async (project: string, definitions: number) => {
    const wanted = Array.from({ length: definitions }, (_, n) => largeFlag(n)).flat();
    return withTransaction(pool, {}, async (tx) => {
      const before = await rowsRead(tx);
      await writeCommit(tx, project, wanted);
      await tx.query('set constraints all immediate');
      return (await rowsRead(tx)) - before;
    });
  };
  const thousand = await rowsReadBy('acme/thousand', 1_000);
  expect(thousand).toBeGreaterThan(3_000);
  // An autovacuum meanwhile changes a plan or two; a loop over all rows for each row would read a hundred times as many.
  expect(await rowsReadBy('acme/ten-thousand', 10_000)).toBeLessThan(20 * thousand);
  expect((await verifyAudit(pool)).break).toBeUndefined();
});

test('the rows of a definition may be written before the entry that tells of them', async () => {
  await using database = await createDatabase();
  await using pool = new Pool(database.url);
  await applyCommit(pool, PROJECT, flag('a', 1));
  await withTransaction(pool, {}, async (tx) => {
    const wanted = flag('a', 2);
    const changes = await changesFor(tx, PROJECT, wanted);
    await writeRows(tx, PROJECT, 2, wanted);
    const written = await writeEntry(tx, PROJECT, [], { changes, revision: 2 });
    await writeRevision(tx, PROJECT, written);
    await writeHeads(tx, PROJECT, written, environmentsOf(wanted));
  });
  expect((await verifyAudit(pool)).break).toBeUndefined();
});

test('an entry that was restored from another server may have the number of this transaction', async () => {
  await using database = await createDatabase();
  await using pool = new Pool(database.url);
  await applyCommit(pool, PROJECT, flag('a', 1));
  await withTransaction(pool, {}, async (tx) => {
    await tx.query('alter table halyard.audit_entry disable trigger refuse_rewrite');
    await tx.query('update halyard.audit_entry set xid = pg_current_xact_id()');
    await tx.query('alter table halyard.audit_entry enable always trigger refuse_rewrite');
    await tx.query('alter table halyard.audit_change disable trigger refuse_rewrite');
    await tx.query('update halyard.audit_change set xid = pg_current_xact_id()');
    await tx.query('alter table halyard.audit_change enable always trigger refuse_rewrite');
    await writeCommit(tx, PROJECT, flag('a', 2));
  });
  const verification = await verifyAudit(pool);
  expect(verification.break).toBeUndefined();
  expect(verification.projects).toMatchObject([{ entries: 2 }]);
});

/** How many rows of Halyard's tables the session has read so far, by whatever plan. */
async function rowsRead(tx: Tx): Promise<number> {
  const { rows } = await tx.query<{ count: number }>(
    `select sum(coalesce(t.seq_tup_read, 0) + coalesce(t.idx_tup_fetch, 0))::float8 as count
     from pg_stat_xact_all_tables t where t.schemaname = 'halyard'`,
  );
  return rows[0]?.count ?? 0;
}

function largeFlag(n: number): Wanted[] {
  const description = `What flag ${n} does, for the people who read it in a year. `.repeat(4);
  const body = { flag: `flag-${n}`, description };
  return [
    { key: `flag-${n}`, body },
    ...['dev', 'staging', 'prod'].map((environment) => ({
      key: `flag-${n}`,
      environment,
      body: { ...body, environment },
    })),
  ];
}
