// What each role of roles.sql can do: every verb on every column, tried by a login in it, and everything else that a login may try.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { migrate } from '../../src/db/migrate.ts';
import { Pool, type Queryable } from '../../src/db/pool.ts';
import { ROLES } from '../../src/db/roles.ts';
import { applyCommit, flag } from '../audit/writing.ts';
import { createDatabase, type TestDatabase } from '../support/database.ts';
import { createLogin, type ServiceLogin } from '../support/service-login.ts';

const ALL = '*';
/** Columns by table and verb; `*` stands for all of them. What is not here is refused. */
type Rights = { [table: string]: { [verb: string]: string } };

const READ_ALL: Rights = Object.fromEntries(
  [
    ...['audit_change', 'audit_entry', 'audit_link', 'definition', 'environment_definition', 'migration'],
    ...['project', 'relay_login', 'revision', 'snapshot_head'],
  ].map((table) => [table, { select: ALL }]),
);
const RIGHTS: { [group: string]: Rights } = {
  halyard_sync: {
    ...READ_ALL,
    project: {
      select: ALL,
      insert: 'branch key path repository',
      update: 'branch last_entry last_judged_commit path repository',
      'select for update': ALL,
    },
    audit_entry: { select: ALL, insert: 'content entry hash previous_hash project' },
    audit_change: { select: ALL, insert: 'after before entry environment key kind project' },
    revision: { select: ALL, insert: 'commit entry number project' },
    // With PostgreSQL, whoever may delete the rows of a table may lock it.
    definition: {
      select: ALL,
      insert: ALL,
      update: 'body digest path revision',
      delete: ALL,
      'select for update': ALL,
      'lock for itself': ALL,
    },
    environment_definition: {
      select: ALL,
      insert: ALL,
      update: 'body deleted digest revision',
      'select for update': ALL,
    },
    snapshot_head: {
      select: ALL,
      insert: ALL,
      update: 'commit digest entry entry_hash revision',
      'select for update': ALL,
    },
  },
  halyard_relay: {
    snapshot_head: { select: ALL },
    environment_definition: { select: ALL },
    audit_link: { select: ALL },
    relay_login: { select: ALL },
  },
  halyard_collector: {
    migration: { select: ALL },
    measured_definition: { select: ALL },
    project: { select: 'key last_entry' },
    event_id: { select: ALL, insert: ALL, delete: ALL, 'lock for itself': ALL },
    track_event: { select: ALL, insert: ALL, delete: ALL, 'lock for itself': ALL },
    assignment: {
      select: ALL,
      insert: ALL,
      update: 'at crossover_arm crossover_at revision',
      'select for update': ALL,
    },
  },
  halyard_analyst: {
    migration: { select: ALL },
    measured_definition: { select: ALL },
    revision: { select: ALL },
    project: { select: 'key' },
    assignment: { select: ALL },
    track_event: { select: ALL },
    experiment_plan: {
      select: ALL,
      insert: 'at baseline basis design environment experiment number project units_per_arm',
    },
    experiment_look: {
      select: ALL,
      insert: 'arms at environment experiment fraction information is_final look project units',
    },
    experiment_snapshot: { select: ALL, insert: 'at content environment experiment look number project' },
  },
  halyard_reader: {
    ...READ_ALL,
    ...Object.fromEntries(
      [
        ...['assignment', 'event_id', 'measured_definition', 'track_event'],
        ...['experiment_plan', 'experiment_look', 'experiment_snapshot'],
      ].map((table) => [table, { select: ALL }]),
    ),
  },
  stranger: {},
};

let database: TestDatabase;
let owner: Pool;
let columns: { table: string; column: string; isTable: boolean }[];
const logins: { [group: string]: ServiceLogin } = {};
const pools: { [group: string]: Pool } = {};

beforeAll(async () => {
  database = await createDatabase();
  owner = new Pool(database.url);
  await applyCommit(owner, 'acme/shop', flag('checkout', 1));
  for (const group of Object.keys(RIGHTS)) {
    logins[group] = await createLogin(database.url, {
      ...(group !== 'stranger' && { group }),
      ...(group === 'halyard_relay' && { sees: { project: 'acme/shop', environment: 'prod' } }),
    });
    pools[group] = new Pool(logins[group]?.url ?? '', { maxConnections: 1 });
  }
  // A place where everybody may make tables, so that what is refused is not that.
  await owner.query('create schema scratch; grant all on schema scratch to public');
  const { rows } = await owner.query<(typeof columns)[number]>(
    `select c.relname as table, a.attname as column, c.relkind in ('r', 'p') as "isTable" from pg_class c join pg_attribute a on a.attrelid = c.oid
     where c.relnamespace = 'halyard'::regnamespace and c.relkind in ('r', 'p', 'v') and a.attnum > 0 and not a.attisdropped
     order by 1, 2`,
  );
  columns = rows;
});
afterAll(async () => {
  await Promise.all([owner, ...Object.values(pools)].map((pool) => pool.close()));
  for (const login of Object.values(logins)) await login[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

/** Runs a statement and takes it back. What it ends with: undefined where it succeeds. */
async function attempt(connection: Queryable, statement: string): Promise<string | undefined> {
  await connection.query('begin');
  try {
    await connection.query(statement);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  } finally {
    await connection.query('rollback');
  }
}

const BY_COLUMN: { [verb: string]: (table: string, column: string) => string } = {
  select: (table, column) => `select ${column} from ${table} limit 0`,
  insert: (table, column) => `insert into ${table} (${column}) values (default)`,
  update: (table, column) => `update ${table} set ${column} = default where false`,
};
const BY_TABLE: { [verb: string]: (table: string) => string } = {
  delete: (table) => `delete from ${table} where false`,
  truncate: (table) => `truncate ${table}`,
  references: (table) => `create table scratch.referring (x text references ${table})`,
  trigger: (table) =>
    `create trigger mine before insert on ${table} for each row execute function suppress_redundant_updates_trigger()`,
  'select for update': (table) => `select from ${table} for update`,
  'lock for itself': (table) => `lock table ${table} in access exclusive mode`,
};
/** A statement that is not refused for the lack of a right may still fail, by a guard or a constraint. */
const isDenied = (message: string | undefined) =>
  /permission denied|must be owner|row-level security|there is no primary key/.test(message ?? '');

describe.each(Object.entries(RIGHTS))('a login in %s', (group, rights) => {
  test('can do with each column and table what it needs, and nothing else', async () => {
    const allowed: Rights = {};
    await pools[group]?.withConnection(async (connection) => {
      for (const [table, own] of Map.groupBy(columns, (each) => each.table)) {
        const name = `halyard.${table}`;
        const may: Rights[string] = {};
        for (const [verb, statement] of Object.entries(BY_COLUMN)) {
          const free: string[] = [];
          for (const { column } of own)
            if (!isDenied(await attempt(connection, statement(name, column)))) free.push(column);
          if (free.length > 0) may[verb] = free.length === own.length ? ALL : free.join(' ');
        }
        for (const [verb, statement] of Object.entries(BY_TABLE))
          if (own[0]?.isTable && !isDenied(await attempt(connection, statement(name)))) may[verb] = ALL;
        if (Object.keys(may).length > 0) allowed[table] = may;
      }
    });
    expect(allowed).toEqual(rights);
  });

  test.each(Object.entries(attacks()))('cannot %s', async (_what, statement) => {
    const message = await pools[group]?.withConnection((connection) => attempt(connection, statement));
    expect(message).toMatch(
      /permission denied|must be owner|must be superuser|[Oo]nly roles with|must have|must be a member|does not exist|can only be called as triggers|superuser|not allowed/,
    );
  });
});

/** What no service needs, by what it is for. */
function attacks(): { [what: string]: string } {
  return {
    'make a table in the schema': 'create table halyard.mine (x int)',
    'make a function in the schema': `create function halyard.mine() returns int language sql return 1`,
    'replace what decides who sees what': `create or replace function halyard.sees_everything() returns boolean
       language sql as 'select true'`,
    'make a schema': 'create schema mine',
    'make a table in public': 'create table public.mine (x int)',
    'make a view over a table for others': 'create view public.mine as select body from halyard.definition',
    'switch a guard off': 'alter table halyard.snapshot_head disable trigger all',
    'switch row-level security off': 'alter table halyard.snapshot_head disable row level security',
    'add a policy': 'create policy mine on halyard.snapshot_head using (true)',
    'drop a policy': 'drop policy own_environment on halyard.snapshot_head',
    'drop a table': 'drop table halyard.audit_entry cascade',
    'drop the schema': 'drop schema halyard cascade',
    'rename a table': 'alter table halyard.project rename to mine',
    'add a rule': 'create rule mine as on insert to halyard.audit_entry do instead nothing',
    'make an index with a function of its own': 'create index mine on halyard.definition (body)',
    'comment on a table': `comment on table halyard.project is 'mine'`,
    'give its rights on': `do $$begin
       grant select on halyard.snapshot_head to pg_monitor;
       if not has_table_privilege('pg_monitor', 'halyard.snapshot_head', 'select') then raise 'not allowed'; end if;
     end$$`,
    'join another group': 'grant halyard_reader to session_user',
    'become the owner': 'set role postgres',
    'become another session': 'set session authorization postgres',
    'pass for a replica': 'set session_replication_role = replica',
    'make a role': 'create role halyard_mine',
    'make itself more': 'alter role current_user superuser',
    'pass row-level security': 'alter role current_user bypassrls',
    'read a file': `select pg_read_file('/etc/passwd')`,
    'run a program': `copy halyard.snapshot_head to program 'cat'`,
    'write a file': `copy (select 1) to '/tmp/halyard-mine'`,
    'import a large object': `select lo_import('/etc/passwd')`,
    'load an extension': 'create extension dblink',
    'load a library': `load '/tmp/mine.so'`,
    'call a guard': 'select halyard.guard_definition()',
    'see passwords': 'select rolpassword from pg_authid',
    'load the configuration again': 'select pg_reload_conf()',
    'change the database for all': `do $$begin execute format('alter database %I set row_security = off', current_database()); end$$`,
  };
}

test('nothing in the schema is everyone’s, and no role has a right that is not granted in roles.sql', async () => {
  const { rows } = await owner.query<{ grantee: string; thing: string; right: string }>(
    `with granted as (
       select n.nspname::text as thing, n.nspacl as acl, n.nspowner as owner, 'n' as kind from pg_namespace n where n.nspname = 'halyard'
       union all
       select c.relname, c.relacl, c.relowner, 'r' from pg_class c
       where c.relnamespace = 'halyard'::regnamespace and c.relkind in ('r', 'p', 'v', 'S')
       union all
       select p.proname, p.proacl, p.proowner, 'f' from pg_proc p where p.pronamespace = 'halyard'::regnamespace
     )
     select coalesce(r.rolname, 'public') as grantee, g.thing, lower(a.privilege_type) as right
     from granted g cross join lateral aclexplode(coalesce(g.acl, acldefault(g.kind::"char", g.owner))) a
     left join pg_roles r on r.oid = a.grantee
     where a.grantee <> g.owner order by 1, 2, 3`,
  );
  const tableRights = Object.entries(RIGHTS).flatMap(([grantee, rights]) =>
    Object.entries(rights).flatMap(([thing, verbs]) =>
      Object.entries(verbs).flatMap(([right, which]) =>
        which === ALL && !right.includes(' ') ? [{ grantee, thing, right }] : [],
      ),
    ),
  );
  const others = ROLES.flatMap((grantee) => [
    { grantee, thing: 'halyard', right: 'usage' },
    // No table that it reads has row-level security.
    ...(/collector|analyst/.test(grantee) ? [] : [{ grantee, thing: 'sees_everything', right: 'execute' }]),
  ]);
  for (const thing of ['event_day_table', 'open_event_day', 'drop_event_day'])
    others.push({ grantee: 'halyard_collector', thing, right: 'execute' });
  const sorted = (list: typeof rows) =>
    list.map(({ grantee, thing, right }) => `${grantee} ${thing} ${right}`).toSorted();
  expect(sorted(rows)).toEqual(sorted([...tableRights, ...others]));
});

test('each run gives the roles what they need again, takes more away, and leaves the groups without login', async () => {
  await using fresh = await createDatabase();
  await using pool = new Pool(fresh.url, { maxConnections: 1 });
  const grants = async () =>
    (
      await pool.query(
        `select c.relname, c.relacl::text, (select array_agg(a.attacl::text order by a.attnum) from pg_attribute a
           where a.attrelid = c.oid) as columns
         from pg_class c where c.relnamespace = 'halyard'::regnamespace order by 1`,
      )
    ).rows;
  await migrate(fresh.url);
  const before = await grants();
  await pool.query(`grant all on all tables in schema halyard to halyard_relay, public;
    grant update (content) on halyard.audit_entry to halyard_sync;
    revoke select on halyard.project from halyard_reader`);
  expect(await grants()).not.toEqual(before);
  expect(await migrate(fresh.url)).toEqual([]);
  expect(await grants()).toEqual(before);
  const { rows } = await pool.query(
    'select rolname from pg_roles where rolname = any ($1) and not rolcanlogin',
    [ROLES],
  );
  expect(rows).toHaveLength(ROLES.length);
});
