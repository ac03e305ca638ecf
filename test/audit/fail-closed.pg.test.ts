// I4: PostgreSQL itself refuses every change without its audit entry, for any role and in any session.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sqlState } from '../../src/db/faults.ts';
import { Pool } from '../../src/db/pool.ts';
import { type Tx, withTransaction } from '../../src/db/transaction.ts';
import { type ApplicationRole, createApplicationRole } from '../support/application-role.ts';
import { createDatabase, type TestDatabase } from '../support/database.ts';
import { OTHER, PROJECT, STATEMENTS } from './attacks-by-statement.ts';
import { TRANSACTIONS } from './attacks-in-transaction.ts';
import { applyCommit, flag, noFlag } from './writing.ts';

let database: TestDatabase;
let role: ApplicationRole;
let owner: Pool;
let application: Pool;

beforeAll(async () => {
  database = await createDatabase();
  role = await createApplicationRole(database.url);
  owner = new Pool(database.url);
  application = new Pool(role.url);
  // Written as the application's role: what it is refused below is not for the lack of a privilege.
  await applyCommit(application, PROJECT, [...flag('checkout', 1), ...flag('gone', 1)]);
  await applyCommit(application, PROJECT, [...flag('checkout', 2), ...flag('search', 1)]);
  await applyCommit(application, PROJECT, [...flag('checkout', 3), ...noFlag('gone')]);
  await applyCommit(application, OTHER, [...flag('checkout', 1), ...flag('search', 1)]);
});

afterAll(async () => {
  await owner.close();
  await application.close();
  await role[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

const SESSIONS: [name: string, pool: () => Pool, settings: string[]][] = [
  ['the application’s role', () => application, []],
  ['the owner', () => owner, []],
  ['a superuser in a replication role', () => owner, ['set local session_replication_role = replica']],
];

describe.each(SESSIONS)('I4: refused to %s', (_name, pool, settings) => {
  test.each(Object.entries(STATEMENTS))('%s', async (_attack, statement) => {
    await expectRefusal(pool(), settings, (tx) => tx.query(statement));
  });

  test.each(Object.entries(TRANSACTIONS))('%s', async (_attack, attack) => {
    await expectRefusal(pool(), settings, attack);
  });
});

test.each(['definition', 'environment_definition'])('I4: refused to COPY: rows of %s', async (table) => {
  const columns = table === 'definition' ? 'project, kind, key, path' : 'project, environment, kind, key';
  await expectRefusal(owner, [], (tx) =>
    tx.query(
      `copy halyard.${table} (${columns}, body, digest, revision)
       from program 'printf "acme/shop\\tprod\\tflag\\tnew\\t{}\\tdigest\\t1\\n"'`,
    ),
  );
});

test('the application’s role cannot disable a guard', async () => {
  for (const statement of [
    'alter table halyard.definition disable trigger all',
    'create or replace function halyard.guard_definition() returns trigger language plpgsql as $$begin return null; end$$',
    'set session_replication_role = replica',
  ]) {
    await expect(application.query(statement)).rejects.toThrow(/must be owner|permission denied/);
  }
});

/** The attack fails with a guard's or a constraint's refusal, and leaves no trace. */
async function expectRefusal(
  pool: Pool,
  settings: string[],
  attack: (tx: Tx) => Promise<unknown>,
): Promise<void> {
  const before = await everything();
  const attacked = withTransaction(pool, {}, async (tx) => {
    for (const setting of settings) await tx.query(setting);
    await attack(tx);
  });
  const error = await attacked.then(
    () => undefined,
    (reason: Error) => reason,
  );
  expect(error, 'it was committed').toBeDefined();
  expect({ message: error?.message, class: sqlState(error)?.slice(0, 2) }).toMatchObject({ class: '23' });
  expect(await everything()).toEqual(before);
}

async function everything(): Promise<unknown> {
  const { rows } = await owner.query(
    `select (select jsonb_agg(t order by t) from halyard.project t) as projects,
       (select jsonb_agg(t order by t) from halyard.audit_entry t) as entries,
       (select jsonb_agg(t order by t) from halyard.audit_change t) as changes,
       (select jsonb_agg(t order by t) from halyard.revision t) as revisions,
       (select jsonb_agg(t order by t) from halyard.definition t) as definitions,
       (select jsonb_agg(t order by t) from halyard.environment_definition t) as served,
       (select jsonb_agg(t order by t) from halyard.snapshot_head t) as heads`,
  );
  return rows;
}
