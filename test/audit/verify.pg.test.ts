// `verify` on a real database: no false alarm, and every way to tamper with it is found and called by its name.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verifyAudit, verifyIn } from '../../src/audit/verify.ts';
import { Pool } from '../../src/db/pool.ts';
import { type Tx, withTransaction } from '../../src/db/transaction.ts';
import { createDatabase, type TestDatabase } from '../support/database.ts';
import { PROJECT } from './attacks-by-statement.ts';
import { TAMPERINGS } from './tampering.ts';
import { applyCommit, flag, noFlag, writeEntry } from './writing.ts';

let filled: TestDatabase;

/** Entries 1, 2, 3 and 5 change something; 4 is a rejected commit. */
async function fillDatabase(pool: Pool): Promise<void> {
  await applyCommit(pool, PROJECT, [...flag('checkout', 1), ...flag('search', 1), ...flag('gone', 1)]);
  await applyCommit(pool, PROJECT, flag('checkout', 2));
  await applyCommit(pool, PROJECT, [...flag('checkout', 3).slice(0, 2), ...flag('checkout', 'é').slice(2)]);
  await withTransaction(pool, {}, async (tx) => {
    const problems = [{ code: 'unknown-field', file: 'checkout.yaml', line: 1, column: 1 }];
    await writeEntry(tx, PROJECT, [], { action: 'commit.rejected', problems });
  });
  await applyCommit(pool, PROJECT, noFlag('gone'));
}

beforeAll(async () => {
  filled = await createDatabase();
  await using pool = new Pool(filled.url);
  await fillDatabase(pool);
});

afterAll(async () => {
  await filled[Symbol.asyncDispose]();
});

test('a whole audit verifies, also of many entries and of several projects', async () => {
  await using database = await createDatabase();
  await using pool = new Pool(database.url);
  await fillDatabase(pool);
  for (let round = 0; round < 45; round++)
    await applyCommit(pool, PROJECT, flag('checkout', `round ${round}`));
  await applyCommit(pool, 'acme/other', flag('checkout', 1));
  const verification = await verifyAudit(pool);
  expect(verification.break).toBeUndefined();
  expect(verification.projects).toMatchObject([
    { project: 'acme/other', entries: 1 },
    { project: PROJECT, entries: 50 },
  ]);
  expect((await verifyAudit(pool, { project: PROJECT })).projects).toHaveLength(1);
});

test('an empty database verifies', async () => {
  await using database = await createDatabase();
  await using pool = new Pool(database.url);
  expect(await verifyAudit(pool)).toEqual({ projects: [] });
});

describe('verify finds that', () => {
  test.each(Object.entries(TAMPERINGS))('%s', async (_name, { tamper, kind, entry }) => {
    await rolledBack(async (owner) => {
      await withoutGuards(owner, async () => {
        if (typeof tamper === 'string') await owner.query(tamper);
        else await tamper(owner);
      });
      const { break: found } = await verifyIn(owner);
      expect(found).toMatchObject({ kind, project: PROJECT });
      expect(found?.entry, found?.message).toBe(entry);
    });
  });
});

const DDL: [what: string, statement: string][] = [
  ['a guard is disabled', 'alter table halyard.definition disable trigger guard_definition'],
  [
    'a guard fires no longer for replication roles',
    'alter table halyard.project enable trigger guard_project',
  ],
  ['a guard is dropped', 'drop trigger refuse_rewrite on halyard.audit_entry'],
  [
    'a guard is another one of the same name',
    `drop trigger guard_snapshot_head on halyard.snapshot_head;
     create trigger guard_snapshot_head after insert on halyard.snapshot_head
       for each statement execute function halyard.guard_snapshot_head()`,
  ],
  [
    'the function of a guard is another one',
    `create or replace function halyard.guard_definition() returns trigger language plpgsql
     set search_path = pg_catalog, pg_temp as $$begin return null; end$$`,
  ],
  [
    'the function of a guard has lost its search_path',
    'alter function halyard.guard_environment_definition() reset search_path',
  ],
  [
    'a trigger of somebody else comes in between',
    `create function halyard.swallow() returns trigger language plpgsql as $$begin return old; end$$;
     create trigger a_swallow before update on halyard.definition for each row execute function halyard.swallow()`,
  ],
  ['a rule comes in between', 'create rule swallow as on delete to halyard.audit_change do instead nothing'],
  ['rows are hidden', 'alter table halyard.audit_change enable row level security'],
  ['rows come from another table', 'create table public.more () inherits (halyard.snapshot_head)'],
  ['a table is not kept through a crash', 'alter table halyard.migration set unlogged'],
];

test.each(DDL)('verify finds that %s: triggers-off', async (_what, statement) => {
  await rolledBack(async (owner) => {
    await owner.query(statement);
    expect((await verifyIn(owner)).break).toMatchObject({ kind: 'triggers-off' });
  });
});

/** Runs in a transaction of the owner on the filled database, of which nothing stays. */
async function rolledBack(work: (owner: Tx) => Promise<void>): Promise<void> {
  const done = new Error('roll back');
  await using pool = new Pool(filled.url, { maxConnections: 1 });
  const run = withTransaction(pool, {}, async (owner) => {
    await work(owner);
    throw done;
  });
  await run.catch((error: unknown) => {
    if (error !== done) throw error;
  });
}

/** Switches every guard and every foreign key off, and on again as it was: only what was done meanwhile is left. */
async function withoutGuards(owner: Tx, work: () => Promise<void>): Promise<void> {
  const { rows: guards } = await owner.query<{ guard: string }>(
    `select format('alter table %s %%s trigger %I', t.tgrelid::regclass, t.tgname) as guard
     from pg_trigger t join pg_class c on c.oid = t.tgrelid
     where c.relnamespace = 'halyard'::regnamespace and not t.tgisinternal`,
  );
  await owner.query('set local session_replication_role = replica');
  for (const { guard } of guards) await owner.query(guard.replace('%s', 'disable'));
  await work();
  for (const { guard } of guards) await owner.query(guard.replace('%s', 'enable always'));
}
