// Brings a database to the present schema: plain SQL files, applied in order, each in a transaction, by one migrator at a time.
import { fileURLToPath } from 'node:url';
import Postgrator from 'postgrator';
import { UsageError } from '../lib/errors.ts';
import { Pool, type Queryable } from './pool.ts';
import { assertRolesCanBe, grantRoles } from './roles.ts';

const FOLDER = fileURLToPath(new URL('./migrations', import.meta.url));
/** A pattern, in which the folder stands for itself. */
const PATTERN = `${FOLDER.replace(/[*?[\]{}()!@+\\]/g, '\\$&')}/*.sql`;
const TABLE = 'halyard.migration';
const LOCK = "pg_catalog.hashtextextended('halyard migrate', 0)";
const MIN_SERVER_VERSION = 15;

export interface AppliedMigration {
  version: number;
  name: string;
}

/**
 * Applies the migrations that the database lacks, and resolves to them. Two migrators at once do no harm: one waits.
 * Afterwards the roles of services have what they need, unless `roles` is false.
 * Throws UsageError where the server is too old or not UTF-8, where an applied migration was edited since, where
 * the database is newer than this program, and, before anything is changed, where the roles cannot be made;
 * UnreachableError where PostgreSQL does not answer.
 */
export async function migrate(url: string, { roles = true } = {}): Promise<AppliedMigration[]> {
  const pool = new Pool(url, {
    applicationName: 'halyard migrate',
    maxConnections: 1,
    statementTimeoutMs: 600_000,
    lockTimeoutMs: 60_000,
  });
  try {
    return await pool.withConnection((connection) => migrateOn(connection, roles));
  } finally {
    await pool.close();
  }
}

/** Throws UsageError unless the database has exactly the schema that this program works with. */
export async function assertMigrated(connection: Queryable): Promise<void> {
  const { rows } = await connection.query<{ exists: boolean }>(
    `select pg_catalog.to_regclass('${TABLE}') is not null as exists`,
  );
  // To whoever may not read it, the migrator takes the table for one without columns.
  if (rows[0]?.exists) await connection.query(`select from ${TABLE} limit 0`);
  const migrator = migratorOn(connection);
  const wanted = await migrator.getMaxVersion();
  const present = rows[0]?.exists ? await migrator.getDatabaseVersion() : 0;
  if (present > wanted) throw newer(present, wanted);
  if (present < wanted) {
    throw new UsageError(
      `the database's schema is at version ${present}, and this halyard needs ${wanted}. Run \`halyard migrate\` first.`,
    );
  }
}

async function migrateOn(connection: Queryable, roles: boolean): Promise<AppliedMigration[]> {
  await assertSupported(connection);
  if (roles) await assertRolesCanBe(connection);
  await connection.query(`select pg_catalog.pg_advisory_lock(${LOCK})`);
  try {
    const applied = await applyMissing(connection);
    if (roles) await grantRoles(connection);
    return applied;
  } finally {
    await connection.query(`select pg_catalog.pg_advisory_unlock(${LOCK})`).catch(() => {});
  }
}

async function applyMissing(connection: Queryable): Promise<AppliedMigration[]> {
  const migrator = migratorOn(connection);
  const wanted = await migrator.getMaxVersion();
  let present = await migrator.getDatabaseVersion();
  if (present > wanted) throw newer(present, wanted);
  await assertUnedited(migrator, present);
  const applied: AppliedMigration[] = [];
  for (; present < wanted; present++) {
    const done = await inTransaction(connection, () => migrator.migrate(String(present + 1)));
    applied.push(...done.map(({ version, name }) => ({ version, name })));
  }
  return applied;
}

function migratorOn(connection: Queryable): Postgrator {
  return new Postgrator({
    driver: 'pg',
    migrationPattern: PATTERN,
    schemaTable: TABLE,
    newline: 'LF',
    execQuery: (text) => connection.query<Record<string, unknown>>(text),
  });
}

async function assertUnedited(migrator: Postgrator, present: number): Promise<void> {
  try {
    await migrator.validateMigrations(present);
  } catch (error) {
    const version = /^MD5 checksum failed for migration \[(\d+)\]$/.exec((error as Error).message)?.[1];
    if (version === undefined) throw error;
    throw new UsageError(
      `migration ${version} of this program is not the one that was applied to this database: the file was edited. ` +
        'Migrations are append-only: restore the file, and write a new migration for the change.',
      { cause: error },
    );
  }
}

async function assertSupported(connection: Queryable): Promise<void> {
  const { rows } = await connection.query<{ version: number; encoding: string }>(
    `select pg_catalog.current_setting('server_version_num')::int / 10000 as version,
            pg_catalog.current_setting('server_encoding') as encoding`,
  );
  const { version, encoding } = rows[0] as { version: number; encoding: string };
  if (version < MIN_SERVER_VERSION) {
    throw new UsageError(`PostgreSQL ${version} is too old: Halyard needs ${MIN_SERVER_VERSION} or newer.`);
  }
  if (encoding !== 'UTF8') {
    throw new UsageError(
      `the database's encoding is ${encoding}, and Halyard needs UTF8: create the database with it.`,
    );
  }
}

async function inTransaction<T>(connection: Queryable, work: () => Promise<T>): Promise<T> {
  await connection.query('begin');
  try {
    const result = await work();
    await connection.query('commit');
    return result;
  } catch (error) {
    await connection.query('rollback').catch(() => {});
    throw error;
  }
}

function newer(present: number, wanted: number): UsageError {
  return new UsageError(
    `the database's schema is at version ${present}, newer than the ${wanted} of this halyard. Use a newer halyard.`,
  );
}
