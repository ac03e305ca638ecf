// Reads the overrides that a project's flags carry, with who set each and why.
import { chooseProject } from '../../audit/log.ts';
import { assertMigrated } from '../../db/migrate.ts';
import { Pool, type Queryable } from '../../db/pool.ts';
import { withTransaction } from '../../db/transaction.ts';
import type { Signature } from '../../model/evidence.ts';
import type { FlagBody } from '../../model/snapshot.ts';

export interface ListedOverride {
  flag: string;
  environment: string;
  serve: string;
  /** RFC 3339. */
  until: string;
  stands: boolean;
  /** Of the entry that set it. */
  entry: number;
  at: string;
  actor: string;
  signature: Signature;
  reason: string;
}

/**
 * Standing ones first, then those that have ended and are still carried along; each by environment and flag.
 * @param nowMs epoch milliseconds
 */
export async function listOverrides(
  databaseUrl: string,
  named: string | undefined,
  nowMs: number,
): Promise<{ project: string; overrides: ListedOverride[] }> {
  await using pool = new Pool(databaseUrl, { applicationName: 'halyard override', maxConnections: 1 });
  await assertMigrated(pool);
  return await withTransaction(pool, { isolation: 'repeatable read', readOnly: true }, async (tx) => {
    const project = await chooseProject(tx, named);
    const overrides = await readOverrides(tx, project, nowMs);
    return { project, overrides: overrides.sort((a, b) => Number(b.stands) - Number(a.stands)) };
  });
}

/** The text is a first sieve: a variation's value may look alike. */
async function readOverrides(
  connection: Queryable,
  project: string,
  nowMs: number,
): Promise<ListedOverride[]> {
  const { rows } = await connection.query<
    Omit<ListedOverride, 'serve' | 'until' | 'stands'> & { body: string }
  >(
    `select d.key as flag, d.environment, d.body, e.entry, e.summary ->> 'at' as at, e.summary ->> 'actor' as actor,
       e.summary -> 'signature' as signature, e.summary ->> 'reason' as reason
     from halyard.environment_definition d
     join lateral (
       select s.entry, s.summary from halyard.audit_entry s
       where s.project = d.project and s.summary ->> 'action' = 'override.set'
         and s.summary ->> 'flag' = d.key and s.summary ->> 'environment' = d.environment
       order by s.entry desc limit 1
     ) e on true
     where d.project = $1 and d.kind = 'flag' and not d.deleted and d.body like '%"override":{%'
     order by d.environment, d.key`,
    [project],
  );
  return rows.flatMap(({ body, ...row }) => {
    const { override } = JSON.parse(body) as FlagBody;
    return override ? [{ ...row, ...override, stands: Date.parse(override.until) > nowMs }] : [];
  });
}
