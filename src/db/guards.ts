// The guards as the database has them, to compare with those that the migrations made: what an owner did by DDL shows here.
import { expectedGuards } from './guards.gen.ts';
import type { Queryable } from './pool.ts';

/** A trigger, a function, a table, a column, a constraint, a policy or a view of the schema, and the state that makes it a guard. */
export interface Guard {
  name: string;
  state: string;
}

/** All but the migrator's own, which says nothing of what is served, and the days of events, which come and go. */
const OUR_TABLES = `(select t.oid, t.relname from pg_catalog.pg_class t
  where t.relnamespace = 'halyard'::regnamespace and t.relkind in ('r', 'p', 'f') and t.relname <> 'migration'
    and not t.relispartition) as c`;

/** The guards of the schema `halyard`, sorted by name. */
export async function readGuards(connection: Queryable): Promise<Guard[]> {
  const { rows } = await connection.query<Guard>(
    `select g.name, g.state from (
       select format('trigger %s on %s', t.tgname, c.relname),
         case t.tgenabled when 'A' then 'always' when 'D' then 'disabled' else 'not always' end
           || ': ' || pg_catalog.pg_get_triggerdef(t.oid)
       from pg_catalog.pg_trigger t join pg_catalog.pg_class c on c.oid = t.tgrelid
       where c.relnamespace = 'halyard'::regnamespace and not t.tgisinternal
       union all
       select format('function %s(%s)', p.proname, pg_catalog.pg_get_function_identity_arguments(p.oid)), pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(
         pg_catalog.concat_ws(' ', l.lanname, p.prosecdef, p.provolatile, p.proconfig, p.prosrc), 'UTF8')), 'hex')
       from pg_catalog.pg_proc p join pg_catalog.pg_language l on l.oid = p.prolang
       where p.pronamespace = 'halyard'::regnamespace
       union all
       select format('table %s', c.relname), pg_catalog.concat_ws(', ',
         case when c.relpersistence = 'p' then 'logged' else 'unlogged' end,
         case when c.relkind <> 'r' then format('of kind %s', c.relkind) end,
         case when not c.relhastriggers then 'triggers ignored' end,
         case when c.relrowsecurity then 'row security' end,
         case when c.relhasrules then 'rules' end,
         case when c.relkind <> 'p' and exists (select from pg_catalog.pg_inherits i where c.oid in (i.inhparent, i.inhrelid))
           then 'inheritance' end)
       from pg_catalog.pg_class c
       where c.relnamespace = 'halyard'::regnamespace and c.relkind in ('r', 'p', 'm', 'f') and not c.relispartition
       union all
       select format('column %s of %s', a.attname, c.relname), pg_catalog.concat_ws(' ',
         pg_catalog.format_type(a.atttypid, a.atttypmod), (select l.collname from pg_catalog.pg_collation l where l.oid = a.attcollation),
         case when a.attnotnull then 'not null' end, case when a.attgenerated <> '' then 'generated' end,
         (select ${normal('pg_catalog.pg_get_expr(d.adbin, d.adrelid)')} from pg_catalog.pg_attrdef d
          where d.adrelid = a.attrelid and d.adnum = a.attnum))
       from ${OUR_TABLES} join pg_catalog.pg_attribute a on a.attrelid = c.oid
       where a.attnum > 0 and not a.attisdropped
       union all
       select format('constraint %s on %s', k.conname, c.relname), pg_catalog.concat_ws(' ',
         ${normal('pg_catalog.pg_get_constraintdef(k.oid)')},
         case when not (i.indisvalid and i.indisready and i.indislive and i.indisunique) then 'index not in use' end)
       from ${OUR_TABLES} join pg_catalog.pg_constraint k on k.conrelid = c.oid
       left join pg_catalog.pg_index i on i.indexrelid = k.conindid and i.indrelid = c.oid
       where k.contype in ('p', 'u', 'c', 'f')
       union all
       select format('policy %s on %s', p.policyname, p.tablename), pg_catalog.concat_ws(' ',
         p.permissive, 'for', p.cmd, 'to', p.roles, 'using', ${normal('p.qual')}, 'with check ' || ${normal('p.with_check')})
       from pg_catalog.pg_policies p where p.schemaname = 'halyard'
       union all
       select format('view %s', c.relname),
         pg_catalog.concat_ws(' ', c.reloptions, ${normal('pg_catalog.pg_get_viewdef(c.oid)')})
       from pg_catalog.pg_class c where c.relnamespace = 'halyard'::regnamespace and c.relkind = 'v'
     ) as g (name, state)
     order by g.name collate "C"`,
  );
  return rows;
}

/** Servers of different versions lay out the same expression differently, and qualify columns or do not. */
function normal(expression: string): string {
  const unqualified = `pg_catalog.regexp_replace(${expression}, '\\m[a-z]\\.', '', 'g')`;
  return `pg_catalog.regexp_replace(${unqualified}, '\\s+', ' ', 'g')`;
}

/** What is first found to differ from what the migrations made, in words; undefined where every guard stands. */
export function guardFault(
  present: readonly Guard[],
  expected: readonly Guard[] = expectedGuards,
): string | undefined {
  const states = new Map(present.map(({ name, state }) => [name, state]));
  for (const { name, state } of expected) {
    const now = states.get(name);
    if (now === undefined) return `${name} is missing`;
    if (now !== state) return `${name} is not as the migrations made it (${summary(now)})`;
    states.delete(name);
  }
  // A table, view or function of somebody else's does nothing by itself; a trigger or a policy does.
  const stranger = [...states.keys()].find((name) => /^(trigger|policy) /.test(name));
  return stranger === undefined ? undefined : `${stranger} was not made by a migration`;
}

function summary(state: string): string {
  return state.length <= 40 ? state : `${state.slice(0, 40)}…`;
}
