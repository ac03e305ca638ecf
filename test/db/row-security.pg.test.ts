// Row-level security: a relay's login sees one environment of one project and the bare links of its chain, however it asks.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verifyAudit } from '../../src/audit/verify.ts';
import { guardFault, readGuards } from '../../src/db/guards.ts';
import { Pool, type Queryable } from '../../src/db/pool.ts';
import { readHead, readRows } from '../../src/relay/sources/postgres-queries.ts';
import { applyCommit, flag } from '../audit/writing.ts';
import { createDatabase, type TestDatabase } from '../support/database.ts';
import { createLogin, type LoginOptions, type ServiceLogin } from '../support/service-login.ts';

const SHOP = 'acme/shop';
const OTHER = 'acme/other';
let database: TestDatabase;
let owner: Pool;
const logins: { [name: string]: ServiceLogin } = {};
const pools: { [name: string]: Pool } = {};

const LOGINS: { [name: string]: LoginOptions } = {
  relay: { group: 'halyard_relay', sees: { project: SHOP, environment: 'prod' } },
  otherRelay: { group: 'halyard_relay', sees: { project: OTHER, environment: 'dev' } },
  unmapped: { group: 'halyard_relay' },
  sync: { group: 'halyard_sync' },
  reader: { group: 'halyard_reader' },
  outsideSync: { group: 'halyard_sync', attributes: 'noinherit' },
  granted: {},
};

beforeAll(async () => {
  database = await createDatabase();
  owner = new Pool(database.url, { maxConnections: 1 });
  for (const project of [SHOP, OTHER]) {
    await applyCommit(owner, project, [...flag('checkout', `secret of ${project}`), ...flag('search', 1)]);
    await applyCommit(owner, project, flag('search', 2));
  }
  for (const [name, options] of Object.entries(LOGINS)) {
    const login = await createLogin(database.url, options);
    logins[name] = login;
    pools[name] = new Pool(login.url, { maxConnections: 1 });
  }
  await owner.query(`grant usage on schema halyard to ${logins.granted?.name};
    grant select on halyard.snapshot_head, halyard.environment_definition to ${logins.granted?.name};
    analyze`);
});
afterAll(async () => {
  await Promise.all([owner, ...Object.values(pools)].map((pool) => pool.close()));
  for (const login of Object.values(logins)) await login[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

const as = (name: string): Pool => pools[name] ?? owner;

/** Where the rows come from that a connection sees, with how many there are. */
async function seen(connection: Queryable): Promise<string[]> {
  const { rows } = await connection.query<{ line: string }>(
    `select concat_ws(' ', t, project, environment, n) as line from (
       select 'head' as t, project, environment, count(*) as n from halyard.snapshot_head group by 2, 3
       union all select 'row', project, environment, count(*) from halyard.environment_definition group by 2, 3
       union all select 'link', project, null, count(*) from halyard.audit_link group by 2
     ) seen order by line`,
  );
  return rows.map(({ line }) => line);
}

const EVERYTHING = [OTHER, SHOP].flatMap((project) =>
  [`head ${project} dev 1`, `head ${project} prod 1`, `link ${project} 2`].concat(
    ['dev', 'prod'].map((environment) => `row ${project} ${environment} 2`),
  ),
);

test.each([
  ['relay', ['head acme/shop prod 1', 'link acme/shop 2', 'row acme/shop prod 2']],
  ['otherRelay', ['head acme/other dev 1', 'link acme/other 2', 'row acme/other dev 2']],
  ['unmapped', []],
  ['sync', EVERYTHING],
  ['reader', EVERYTHING],
  ['the owner', EVERYTHING],
])('%s sees what it is to see', async (name, expected) => {
  expect((await seen(as(name))).toSorted()).toEqual(expected.toSorted());
});

test('a login that inherits nothing of its group sees everything as the group alone', async () => {
  await as('outsideSync').withConnection(async (connection) => {
    await expect(seen(connection)).rejects.toThrow('permission denied');
    await connection.query('set role halyard_sync');
    expect((await seen(connection)).toSorted()).toEqual(EVERYTHING.toSorted());
  });
});

test('a login with rights on the tables alone sees nothing: rights are no membership', async () => {
  await expect(as('granted').query('select from halyard.snapshot_head')).rejects.toThrow(
    'permission denied for table relay_login',
  );
  await owner.query(`grant select on halyard.relay_login to ${logins.granted?.name};
    grant execute on function halyard.sees_everything() to ${logins.granted?.name}`);
  const { rows } = await as('granted').query('select from halyard.environment_definition');
  expect(rows).toEqual([]);
});

test('a relay as its group, and what it may see after it is moved or let go', async () => {
  await as('relay').withConnection(async (connection) => {
    await connection.query('begin; set local role halyard_relay');
    expect(await seen(connection)).toEqual([]);
    await connection.query('rollback');
  });
  await using moved = await createLogin(database.url, LOGINS.relay);
  await using pool = new Pool(moved.url, { maxConnections: 1 });
  expect(await seen(pool)).toHaveLength(3);
  await owner.query(`update halyard.relay_login set environment = 'dev' where login = '${moved.name}'`);
  expect(await seen(pool)).toEqual(['head acme/shop dev 1', 'link acme/shop 2', 'row acme/shop dev 2']);
  await owner.query(`delete from halyard.relay_login where login = '${moved.name}'`);
  expect(await seen(pool)).toEqual([]);
  await expect(owner.query('truncate halyard.relay_login')).rejects.toThrow('is refused');
});

/** A function that tells whatever it is given; anybody may make one in the schema of temporary things. */
const LEAK = `create or replace function pg_temp.leak(text) returns boolean language plpgsql cost 0.0000000001 as
  $$begin raise notice 'leaked: %', $1; return true; end$$;`;
const TRICKS: { [what: string]: string } = {
  'no condition': 'select body from halyard.environment_definition',
  'a cheap function that tells what it is given': `select body from halyard.environment_definition where pg_temp.leak(body)`,
  'the same in a view of its own': `create temp view mine as select * from halyard.environment_definition;
    select body from mine where pg_temp.leak(body)`,
  'an operator of its own': `create operator pg_temp.=== (function = pg_temp.same, leftarg = text, rightarg = text);
    select body from halyard.environment_definition where body operator(pg_temp.===) ''`,
  'a join in which the other side decides': `select d.body from (values ('x')) v (x)
    left join halyard.environment_definition d on pg_temp.leak(d.body)`,
  'a lateral subquery': `select b.body from (values (1)) v (x), lateral (
    select d.body from halyard.environment_definition d where pg_temp.leak(d.body) offset 0) b`,
  'a sort, a group and a window': `select max(body) over (order by body) as body from halyard.environment_definition
    group by body having pg_temp.leak(body)`,
  'a search path of its own': `create temp table relay_login (login name, project text, environment text);
    insert into relay_login values (current_user, 'acme/other', 'prod');
    create function pg_temp.sees_everything() returns boolean language sql as 'select true';
    create function pg_temp.pg_has_role(oid, text) returns boolean language sql as 'select true';
    create temp table pg_roles (oid oid, rolname name);
    set local search_path = pg_temp, pg_catalog, halyard;
    select body from halyard.environment_definition`,
  'a name like another login’s': `set local application_name = 'halyard_sync';
    select body from halyard.environment_definition`,
  'a cursor': `declare mine cursor for select body from halyard.environment_definition; fetch all from mine`,
  'a prepared statement': `prepare mine as select body from halyard.environment_definition where pg_temp.leak(body);
    execute mine`,
  'a sample of the table': 'select body from halyard.environment_definition tablesample system (100)',
  'a plan that tells what it filters': `explain (analyze, verbose) select body from halyard.environment_definition
    where pg_temp.leak(body)`,
  'the links’ view with such a function': `select project as body from halyard.audit_link
    where pg_temp.leak(project || hash)`,
  'statistics of the columns': `select most_common_vals::text as body from pg_stats
    where schemaname = 'halyard' and tablename in ('environment_definition', 'audit_entry', 'snapshot_head', 'definition')`,
};

describe('a relay sees nothing of others by', () => {
  test.each(Object.entries(TRICKS))('%s', async (_what, trick) => {
    const told = await tell(
      logins.relay?.url ?? '',
      `${LEAK} create function pg_temp.same(text, text) returns boolean
      language sql as 'select pg_temp.leak($1)'; ${trick}`,
    );
    expect(told).not.toMatch(/acme\/other|"in":"dev"/);
  });

  test('the same tricks tell the owner everything', async () => {
    const told = await tell(
      database.url,
      `${LEAK} ${TRICKS['a cheap function that tells what it is given']}`,
    );
    expect(told).toMatch(/leaked: .*acme\/other/);
    expect(told).toMatch(/leaked: .*"in":"dev"/);
  });

  test('switching row-level security off for itself', async () => {
    await expect(
      as('relay').query('set row_security = off; select body from halyard.environment_definition'),
    ).rejects.toThrow('query would be affected by row-level security policy');
  });

  test.each([
    ['an error that tells a value', `select 1 / (case when body like '%acme/other%' then 0 else 1 end)`],
    ['a cast that tells a value', `select case when project <> 'acme/shop' then body::integer end`],
  ])('%s', async (_what, select) => {
    await as('relay').query(`${select} from halyard.environment_definition`);
  });
});

/** All that a connection is told: rows, notices and errors. */
async function tell(url: string, statements: string): Promise<string> {
  const { Client } = await import('pg');
  const client = new Client(url);
  const told: unknown[] = [];
  client.on('notice', ({ message }) => told.push(message));
  await client.connect();
  try {
    await client.query('begin');
    const results = await client.query(statements);
    for (const { rows } of [results].flat()) told.push(rows);
  } catch (error) {
    told.push((error as Error).message);
  } finally {
    await client.end();
  }
  return JSON.stringify(told).replaceAll('\\"', '"');
}

test.each([
  [
    'row-level security switched off',
    'alter table halyard.environment_definition disable row level security',
  ],
  [
    'a policy that hides rows',
    'create policy mine on halyard.environment_definition as restrictive using (true)',
  ],
  ['a policy that shows all', 'alter policy own_environment on halyard.snapshot_head using (true)'],
  ['a policy that is gone', 'drop policy own_row on halyard.relay_login'],
  [
    'another view of the links',
    `create or replace view halyard.audit_link with (security_barrier) as
     select project, entry, previous_hash, repeat('0', 64) as hash from halyard.audit_entry`,
  ],
  ['the view without its barrier', 'alter view halyard.audit_link reset (security_barrier)'],
  [
    'another answer to who sees everything',
    `create or replace function halyard.sees_everything() returns boolean language sql stable as 'select true'`,
  ],
])('%s is found by verify', async (_what, statement) => {
  await owner.withConnection(async (connection) => {
    await connection.query('begin');
    await connection.query(statement);
    const fault = guardFault(await readGuards(connection));
    await connection.query('rollback');
    expect(fault).toMatch(/^(table|policy|view|function) /);
    expect(guardFault(await readGuards(connection))).toBeUndefined();
  });
});

test('a reader finds that too', async () => {
  expect(await verifyAudit(as('reader'))).not.toHaveProperty('break');
  await owner.query('create policy mine on halyard.environment_definition as restrictive using (true)');
  expect(await verifyAudit(as('reader'))).toMatchObject({
    break: {
      kind: 'triggers-off',
      message: 'policy mine on environment_definition was not made by a migration',
    },
  });
  await owner.query('drop policy mine on halyard.environment_definition');
});

test('a relay’s reads ask who it is once a statement, and find their rows by the primary keys', async () => {
  const plans: string[] = [];
  await as('relay').withConnection(async (connection) => {
    // Small tables are read whole, whoever asks.
    await connection.query('set enable_seqscan = off');
    const explaining: Queryable = {
      query: async (text, values) => {
        const { rows } = await connection.query<{ 'QUERY PLAN': string }>(
          `explain (verbose) ${text}`,
          values,
        );
        plans.push(rows.map((row) => row['QUERY PLAN']).join('\n'));
        return { rows: [], rowCount: 0, command: 'EXPLAIN' };
      },
    };
    await readHead(explaining, SHOP, 'prod', 1);
    await readRows(explaining, SHOP, 'prod', 0);
  });
  const [head = '', rows = ''] = plans;
  expect(rows).toMatch(/Index Cond: .*project = '?/);
  expect(rows).toMatch(/InitPlan/);
  expect(rows).not.toMatch(/SubPlan/);
  expect(head).toMatch(/Index Scan using audit_entry_pkey/);
  expect(head).not.toMatch(/Seq Scan on halyard.audit_entry/);
  for (const plan of plans) expect(plan).not.toMatch(/Filter: .*sees_everything\(\)/);
});
