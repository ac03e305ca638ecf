// What an owner does to the tables themselves, beside their triggers: verify sees it, in the catalog or in the rows.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verifyAudit, verifyIn } from '../../src/audit/verify.ts';
import { Pool } from '../../src/db/pool.ts';
import { type Tx, withTransaction } from '../../src/db/transaction.ts';
import { createDatabase, type TestDatabase } from '../support/database.ts';
import { createLogin } from '../support/service-login.ts';
import { withoutGuards } from '../support/without-guards.ts';
import { PROJECT } from './attacks-by-statement.ts';
import { applyCommit, flag, noFlag } from './writing.ts';

let filled: TestDatabase;

beforeAll(async () => {
  filled = await createDatabase();
  await using pool = new Pool(filled.url);
  await applyCommit(pool, PROJECT, [...flag('checkout', 1), ...flag('gone', 1)]);
  await applyCommit(pool, PROJECT, [...flag('checkout', 2), ...noFlag('gone')]);
});

afterAll(async () => {
  await filled[Symbol.asyncDispose]();
});

const CATALOG: [what: string, says: string, statement: string][] = [
  [
    'PostgreSQL is told that a table has no triggers',
    'table audit_entry is not',
    `update pg_class set relhastriggers = false where oid = 'halyard.audit_entry'::regclass`,
  ],
  [
    'a guard does nothing, beside one of its name and text',
    'function refuse() is not',
    `do $do$ begin
       execute format('create function halyard.refuse(int) returns void language plpgsql
         set search_path = pg_catalog, pg_temp as %L',
         (select prosrc from pg_proc where oid = 'halyard.refuse()'::regprocedure));
     end $do$;
     create or replace function halyard.refuse() returns trigger language plpgsql
       set search_path = pg_catalog, pg_temp as $$begin return null; end$$`,
  ],
  [
    'one name may stand for two changes',
    'constraint audit_change_thing on audit_change is missing',
    'alter table halyard.audit_change drop constraint audit_change_thing',
  ],
  [
    'an entry may have any number',
    'constraint audit_entry_entry_check on audit_entry is missing',
    'alter table halyard.audit_entry drop constraint audit_entry_entry_check',
  ],
  [
    'a unique index is not asked',
    'constraint snapshot_head_pkey on snapshot_head is not',
    `update pg_index set indisunique = false where indexrelid = 'halyard.snapshot_head_pkey'::regclass`,
  ],
  [
    'keys are compared in another way',
    'column key of audit_change is not',
    `alter table halyard.audit_change alter column key type text collate "POSIX"`,
  ],
  [
    'a row may be neither deleted nor there',
    'column deleted of environment_definition is not',
    'alter table halyard.environment_definition alter column deleted drop not null',
  ],
  [
    'the time of an entry is another one from the start',
    'column recorded_at of audit_entry is not',
    `alter table halyard.audit_entry alter column recorded_at set default '2020-01-01'`,
  ],
  [
    'a summary is no longer made of the content',
    'column summary of audit_entry is not',
    'alter table halyard.audit_entry alter column summary drop expression',
  ],
  [
    'a body is made by somebody else',
    'column body of definition is not',
    `alter table halyard.definition rename body to was;
     alter table halyard.definition add body text not null generated always as (was) stored`,
  ],
  [
    'a column that verify asks for is gone',
    'column xid of audit_change is missing',
    'alter table halyard.audit_change drop column xid',
  ],
  [
    'a table is a view',
    'column after of audit_change is missing',
    `alter table halyard.audit_change rename to was;
     create view halyard.audit_change as select w.project, w.entry, w.kind, w.key, w.environment, w.before, w.after, w.xid
     from halyard.was w`,
  ],
  [
    'who sees everything is nobody',
    'function sees_everything() is not',
    `create or replace function halyard.sees_everything() returns boolean language sql stable
     set search_path = pg_catalog, pg_temp as 'select false'`,
  ],
  [
    'a table is somewhere else',
    'constraint relay_login_pkey on relay_login is missing',
    `create foreign data wrapper elsewhere;
     create server elsewhere foreign data wrapper elsewhere;
     drop policy own_row on halyard.relay_login;
     alter table halyard.relay_login rename to was;
     create foreign table halyard.relay_login (login name not null, project text collate "C" not null,
       environment text collate "C" not null) server elsewhere`,
  ],
];

test.each(CATALOG)('verify sees in the catalog that %s', async (_what, says, statement) => {
  await rolledBack(async (owner) => {
    expect((await verifyIn(owner)).break).toBeUndefined();
    await owner.query(statement);
    const { break: found } = await verifyIn(owner);
    expect(found).toMatchObject({ kind: 'triggers-off' });
    expect(found?.message).toContain(says);
  });
});

const UNBOUND = `
  alter table halyard.project drop constraint project_pkey cascade;
  alter table halyard.revision drop constraint revision_pkey cascade;
  alter table halyard.snapshot_head drop constraint snapshot_head_pkey;
  alter table halyard.audit_change drop constraint audit_change_thing;
  alter table halyard.audit_entry drop constraint audit_entry_entry_check;
  alter table halyard.revision alter column applied_at drop not null;
  alter table halyard.audit_change alter column xid drop not null;`;

const ROWS: [what: string, kind: string, statement: string][] = [
  [
    'an environment has a second head',
    'serving-unaudited',
    `insert into halyard.snapshot_head select project, environment, revision, commit, repeat('0', 64), entry, entry_hash
     from halyard.snapshot_head where environment = 'prod'`,
  ],
  [
    'a head comes before the one that is right',
    'serving-unaudited',
    `create temp table head on commit drop as select * from halyard.snapshot_head where environment = 'prod';
     delete from halyard.snapshot_head where environment = 'prod';
     insert into halyard.snapshot_head select project, environment, revision, commit, repeat('0', 64), entry, entry_hash from head;
     insert into halyard.snapshot_head select * from head`,
  ],
  ['the project has two rows', 'inserted', 'insert into halyard.project select * from halyard.project'],
  [
    'a revision is there twice',
    'inserted',
    `insert into halyard.revision select project, number, entry, 'c0ffee', applied_at from halyard.revision where number = 1;
     insert into halyard.revision select * from halyard.revision where number = 1 and commit <> 'c0ffee'`,
  ],
  [
    'a change is there twice',
    'inserted',
    `insert into halyard.audit_change select * from halyard.audit_change where entry = 2 and environment = 'prod'`,
  ],
  [
    'an entry comes before the first',
    'inserted',
    `insert into halyard.audit_entry (project, entry, previous_hash, content, hash)
     select project, 0, previous_hash, content, hash from halyard.audit_entry where entry = 1`,
  ],
  [
    'a change is of an entry before the first',
    'inserted',
    `insert into halyard.audit_change (project, entry, kind, key, after)
     values ('${PROJECT}', -1, 'flag', 'new', repeat('0', 64))`,
  ],
  ['a change has no transaction', 'altered', 'update halyard.audit_change set xid = null where entry = 2'],
  [
    'an entry is of the end of all time',
    'altered',
    `update halyard.audit_entry set recorded_at = 'infinity' where entry = 2;
     update halyard.revision set applied_at = 'infinity' where entry = 2`,
  ],
  ['a revision has no time', 'altered', 'update halyard.revision set applied_at = null where entry = 2'],
  [
    'a definition stands in for the row of an environment that reads like it',
    'serving-unaudited',
    `update halyard.environment_definition set key = 'checkout in prod' where key = 'checkout' and environment = 'prod'`,
  ],
  ...['definition', 'environment_definition', 'audit_change', 'revision'].map(
    (table): [string, string, string] => [
      `${table} has rows of a project that there is not`,
      table.endsWith('definition') ? 'serving-unaudited' : 'inserted',
      {
        definition: `insert into halyard.definition values ('acme/none', 'flag', 'x', 'x.yaml', '{}', '', 1)`,
        environment_definition: `insert into halyard.environment_definition values ('acme/none', 'prod', 'flag', 'x', '{}', '', 1, false)`,
        audit_change: `insert into halyard.audit_change values ('acme/none', 1, 'flag', 'x', 'prod', null, '')`,
        revision: `insert into halyard.revision values ('acme/none', 1, 1, null)`,
      }[table] ?? '',
    ],
  ),
];

describe('verify sees in the rows, whatever the catalog says, that', () => {
  test.each(ROWS)('%s', async (_what, kind, statement) => {
    await rolledBack(async (owner) => {
      await withoutGuards(owner, async () => {
        await owner.query(UNBOUND);
        await owner.query(statement);
      });
      expect((await verifyIn(owner)).break).toMatchObject({ kind });
    });
  });
});

test('a login that sees a part of the rows is told so, and raises no alarm', async () => {
  await using owner = new Pool(filled.url, { maxConnections: 1 });
  await using login = await createLogin(filled.url, {});
  await owner.query(`grant usage on schema halyard to ${login.name};
    grant select on all tables in schema halyard to ${login.name};
    grant execute on all functions in schema halyard to ${login.name}`);
  await using pool = new Pool(login.url, { maxConnections: 1 });
  await expect(verifyAudit(pool)).rejects.toThrow('this login sees a part of the rows alone');
  await using reader = await createLogin(filled.url, { group: 'halyard_reader' });
  await using whole = new Pool(reader.url, { maxConnections: 1 });
  expect((await verifyAudit(whole)).break).toBeUndefined();
});

/** Runs in a transaction of the owner, of which nothing stays. */
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
