// What a superuser does before tampering, and after: every guard and every foreign key off, and on again as it was.
import type { Tx } from '../../src/db/transaction.ts';

/** Only what `work` did meanwhile is left. */
export async function withoutGuards(owner: Tx, work: () => Promise<void>): Promise<void> {
  const { rows: guards } = await owner.query<{ guard: string }>(
    `select format('alter table %s %%s trigger %I', t.tgrelid::regclass, t.tgname) as guard
     from pg_trigger t join pg_class c on c.oid = t.tgrelid
     where c.relnamespace = 'halyard'::regnamespace and not t.tgisinternal`,
  );
  await owner.query('set local session_replication_role = replica');
  for (const { guard } of guards) await owner.query(guard.replace('%s', 'disable'));
  await work();
  for (const { guard } of guards) await owner.query(guard.replace('%s', 'enable always'));
  await owner.query('set local session_replication_role = origin');
}
