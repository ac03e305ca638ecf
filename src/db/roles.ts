// The roles that Halyard's services log in through: made where they are missing, and given exactly what `roles.sql` says.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { UsageError } from '../lib/errors.ts';
import type { Queryable } from './pool.ts';

/** What an administrator runs by hand where the migrator may not. */
export const ROLES_FILE = fileURLToPath(new URL('./roles.sql', import.meta.url));
export const ROLES = [
  'halyard_sync',
  'halyard_relay',
  'halyard_collector',
  'halyard_analyst',
  'halyard_reader',
] as const;

interface FoundRole {
  name: string;
  /** Rights of its own, or of roles that it belongs to, which its members would have beside what is granted here. */
  excess: string | null;
}

/**
 * Throws UsageError where the roles can be neither found nor made, or where one of their names belongs to a role that
 * is more than a group. Changes nothing.
 */
export async function assertRolesCanBe(connection: Queryable): Promise<void> {
  const found = await readRoles(connection);
  const tooMuch = found.find(({ excess }) => excess !== null);
  if (tooMuch) {
    throw new UsageError(
      `the role ${tooMuch.name} is there already, and is more than a group (${tooMuch.excess}), so whoever is in it ` +
        'would have that too. Take it away from the role, or run `halyard migrate --no-roles`.',
    );
  }
  const names = found.map(({ name }) => name);
  const missing = ROLES.filter((role) => !names.includes(role));
  if (missing.length === 0 || (await mayCreateRoles(connection))) return;
  throw new UsageError(
    `the roles ${missing.join(', ')} are missing, and this login may not create roles. Nothing was changed. Either run ` +
      '`halyard migrate` once as a login that may (createrole), or run `halyard migrate --no-roles` and have an ' +
      `administrator run ${ROLES_FILE} afterwards.`,
  );
}

/** Makes the roles that are missing and grants what each needs, instead of all that they had in this schema. */
export async function grantRoles(connection: Queryable): Promise<void> {
  await connection.query('begin');
  try {
    await connection.query(await readFile(ROLES_FILE, 'utf8'));
    await connection.query('commit');
  } catch (error) {
    await connection.query('rollback').catch(() => {});
    throw error;
  }
}

async function readRoles(connection: Queryable): Promise<FoundRole[]> {
  const { rows } = await connection.query<FoundRole>(
    `select r.rolname as name, nullif(concat_ws(', ',
       case when r.rolsuper then 'superuser' end,
       case when r.rolbypassrls then 'bypassrls' end,
       case when r.rolcreaterole then 'createrole' end,
       case when r.rolcreatedb then 'createdb' end,
       case when r.rolreplication then 'replication' end,
       case when r.rolcanlogin then 'login' end,
       (select 'member of ' || string_agg(g.rolname, ', ' order by g.rolname)
        from pg_catalog.pg_auth_members m join pg_catalog.pg_roles g on g.oid = m.roleid
        where m.member = r.oid)), '') as excess
     from pg_catalog.pg_roles r where r.rolname = any ($1) order by r.rolname`,
    [ROLES],
  );
  return rows;
}

async function mayCreateRoles(connection: Queryable): Promise<boolean> {
  const { rows } = await connection.query<{ may: boolean }>(
    'select r.rolsuper or r.rolcreaterole as may from pg_catalog.pg_roles r where r.rolname = current_user',
  );
  return rows[0]?.may ?? false;
}
