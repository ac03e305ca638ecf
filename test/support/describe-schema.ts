// The schema `halyard` as text: tables and views with their columns, constraints, indexes, policies and triggers, and the functions' bodies.
import type { Pool } from '../../src/db/pool.ts';

/** The same for every supported server version. */
export async function describeSchema(pool: Pool): Promise<string> {
  const { rows } = await pool.query<{ line: string }>(
    `with tables as (
       select c.oid, c.relname, c.relrowsecurity, case c.relkind when 'v' then 'view ' else 'table ' end as kind
       from pg_class c
       where c.relnamespace = 'halyard'::regnamespace and c.relkind not in ('i', 't')
     ), lines (part, owner, position, line) as (
       select 1, t.relname, 0, t.kind || t.relname || coalesce(': ' || obj_description(t.oid, 'pg_class'), '')
       from tables t
       union all
       select 1, t.relname, a.attnum, format('  %s %s%s%s%s', a.attname, format_type(a.atttypid, a.atttypmod),
         case when n.collname <> 'default' then ' collate "' || n.collname || '"' end,
         case when a.attnotnull then ' not null' end,
         case when d.adbin is not null then
           case a.attgenerated when 's' then ' generated ' else ' default ' end || pg_get_expr(d.adbin, d.adrelid) end)
       from tables t join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
       left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
       left join pg_collation n on n.oid = a.attcollation
       union all
       select 1, t.relname, 1001, format('  constraint %s %s', k.conname, pg_get_constraintdef(k.oid))
       from tables t join pg_constraint k on k.conrelid = t.oid and k.contype in ('p', 'u', 'f', 'c')
       union all
       select 1, t.relname, 1002, '  ' || pg_get_indexdef(i.indexrelid)
       from tables t join pg_index i on i.indrelid = t.oid
       union all
       select 1, t.relname, 1003, format('  [%s] %s', g.tgenabled, pg_get_triggerdef(g.oid))
       from tables t join pg_trigger g on g.tgrelid = t.oid and not g.tgisinternal
       union all
       select 1, t.relname, 1004, '  row level security'
       from tables t where t.relrowsecurity
       union all
       select 1, t.relname, 1005, format('  policy %s for %s to %s', p.policyname, p.cmd, p.roles)
       from tables t join pg_policies p on p.schemaname = 'halyard' and p.tablename = t.relname
       union all
       select 2, p.proname, 0, pg_get_functiondef(p.oid)
       from pg_proc p where p.pronamespace = 'halyard'::regnamespace
     )
     select line from lines order by part, owner collate "C", position, line collate "C"`,
  );
  return `${rows.map(({ line }) => line).join('\n')}\n`;
}
