// What the guards let through: honest transactions in whatever order they are written, two writers at once, and large ones in time.
import { expect, test } from 'vitest';
import { verifyAudit } from '../../src/audit/verify.ts';
import { Pool } from '../../src/db/pool.ts';
import { withTransaction } from '../../src/db/transaction.ts';
import { createDatabase } from '../support/database.ts';
import {
  applyCommit,
  changesFor,
  environmentsOf,
  flag,
  noFlag,
  type Wanted,
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

test('ten thousand definitions take about ten times as long as a thousand, in a session that has only seen small ones', async () => {
  await using database = await createDatabase();
  await using pool = new Pool(database.url, { maxConnections: 1 });
  // So many that PostgreSQL has settled on the plans of its statements while the tables are all but empty.
  for (let round = 0; round < 12; round++) await applyCommit(pool, 'acme/small', flag('a', round));
  const seconds = async (project: string, definitions: number) => {
    const wanted = Array.from({ length: definitions }, (_, n) => largeFlag(n)).flat();
    const started = performance.now();
    await applyCommit(pool, project, wanted);
    return (performance.now() - started) / 1000;
  };
  const thousand = await seconds('acme/thousand', 1_000);
  expect(await seconds('acme/ten-thousand', 10_000)).toBeLessThan(30 * thousand);
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
