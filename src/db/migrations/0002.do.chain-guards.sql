-- Guards of the audit chain: entries are gapless, linked and hashed; changes are what their entry says; nothing is rewritten.
-- Every function names its search_path, so that nothing a session sets can lend a name another meaning. Those that look
-- at many rows at once are never compiled, and written so that any plan fits: a plan may have been made when the tables
-- were small (a statement without parameters is planned once a session, whatever plan_cache_mode says), so each row is
-- looked up for itself by a whole index.

create function halyard.refuse() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  raise exception 'halyard: % of %.% is refused', lower(tg_op), tg_table_schema, tg_table_name
    using errcode = 'integrity_constraint_violation', detail = tg_argv[0];
end $$;

-- One entry a transaction and project; it follows the head, whose row it locks. An entry that was restored from another
-- server may have any xid, this transaction's too, but not its time.
create function halyard.guard_entry() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  head integer;
  previous record;
  fault text;
begin
  select p.last_entry into head from halyard.project p where p.key = new.project for no key update;
  select e.hash, e.xid, e.recorded_at into previous
  from halyard.audit_entry e where e.project = new.project and e.entry = new.entry - 1;
  fault := case
    when head is distinct from new.entry - 1 or (new.entry > 1 and previous.hash is null)
      then format('the project''s last entry is %s', coalesce(head::text, 'none'))
    when previous.xid = pg_current_xact_id() and previous.recorded_at = transaction_timestamp()
      then 'this transaction has written an entry already'
    when new.xid <> pg_current_xact_id() then 'its xid is not this transaction''s'
    when new.recorded_at <> transaction_timestamp() then 'recorded_at is not this transaction''s time'
    when new.previous_hash <> coalesce(previous.hash, repeat('0', 64)) then 'it does not link to the entry before it'
    when new.hash <> encode(sha256(decode(new.previous_hash, 'hex') || convert_to(new.content, 'UTF8')), 'hex')
      then 'its hash does not fit its content'
    when new.summary -> 'project' is distinct from to_jsonb(new.project) then 'its content names another project'
    when new.summary -> 'entry' is distinct from to_jsonb(new.entry) then 'its content names another number'
  end;
  if fault is not null then
    raise exception 'halyard: entry % of % is refused: %', new.entry, new.project, fault
      using errcode = 'integrity_constraint_violation';
  end if;
  return null;
end $$;

-- The changes of an entry are written by its own transaction, all in one statement, and equal its content.
create function halyard.guard_changes() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp set enable_seqscan = off set jit = off as $$
declare
  fault text;
begin
  select format('entry %s of %s was not written by this transaction', i.entry, i.project) into fault
  from (select distinct w.project, w.entry, w.xid from written w) i
  left join halyard.audit_entry e on e.project = i.project and e.entry = i.entry
  where e.xid is distinct from pg_current_xact_id() or i.xid <> pg_current_xact_id();

  if fault is null then
    with listed as (
      select e.project, e.entry, c.kind, c.key, c.environment, c.before, c.after,
        c.action is not distinct from
          case when c.before is null then 'created' when c.after is null then 'deleted' else 'updated' end as named
      from (select distinct w.project, w.entry from written w) i
      join halyard.audit_entry e on e.project = i.project and e.entry = i.entry
      cross join lateral jsonb_to_recordset(e.content::jsonb -> 'changes')
        as c (kind text, key text, environment text, action text, before text, after text)
    ), missing as (
      table listed except all
      select w.project, w.entry, w.kind, w.key, w.environment, w.before, w.after, true from written w
    )
    select case
      when exists (select from missing) then
        (select format('%s %s %s of entry %s is missing or another one', m.kind, m.key, m.environment, m.entry)
         from missing m limit 1)
      when (select count(*) from listed) <> (select count(*) from written) then 'there are more than its entry lists'
    end into fault;
  end if;

  if fault is null then
    select format('%s %s %s was not %s before', w.kind, w.key, w.environment, coalesce(w.before, 'absent')) into fault
    from written w
    left join lateral (
      select a.entry, a.after from halyard.audit_change a
      where w.environment is null and a.environment is null
        and a.project = w.project and a.kind = w.kind and a.key = w.key and a.entry < w.entry
      union all
      select a.entry, a.after from halyard.audit_change a
      where a.environment = w.environment
        and a.project = w.project and a.kind = w.kind and a.key = w.key and a.entry < w.entry
      order by 1 desc limit 1
    ) last on true
    where w.before is distinct from last.after
    limit 1;
  end if;

  if fault is not null then
    raise exception 'halyard: audit_change is refused: %', fault using errcode = 'integrity_constraint_violation';
  end if;
  return null;
end $$;

-- At commit: the entry is the project's head, its revision and its changes are there, and they have happened.
create function halyard.guard_entry_effects() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp set enable_seqscan = off set jit = off as $$
declare
  changed boolean := exists (
    select from halyard.audit_change c where c.project = new.project and c.entry = new.entry);
  fault text;
begin
  if not exists (select from halyard.project p where p.key = new.project and p.last_entry = new.entry) then
    fault := 'it is not the project''s last entry';
  elsif not changed and (new.content::jsonb -> 'changes') is distinct from '[]' then
    fault := 'its changes are not in audit_change';
  elsif changed and new.summary ->> 'action' not in ('commit.applied', 'override.set', 'override.lifted') then
    fault := 'such an entry changes nothing';
  elsif changed <> (new.summary ? 'revision') or changed <> exists (
    select from halyard.revision r
    where r.project = new.project and r.number = (new.summary -> 'revision')::integer and r.entry = new.entry) then
    fault := 'an entry has a revision if and only if it has changes';
  elsif changed then
    select format('%s %s is not as it says', c.kind, c.key) into fault
    from halyard.audit_change c
    left join lateral (
      select r.digest, r.revision from halyard.definition r
      where r.project = c.project and r.kind = c.kind and r.key = c.key limit 1
    ) d on true
    where c.project = new.project and c.entry = new.entry and c.environment is null
      and (c.after is distinct from d.digest or d.revision <> (new.summary -> 'revision')::integer)
    limit 1;
    if fault is null then
      select format('snapshot_head of %s does not name it', c.environment) into fault
      from (select distinct a.environment from halyard.audit_change a
            where a.project = new.project and a.entry = new.entry and a.environment is not null) c
      left join halyard.snapshot_head h on h.project = new.project and h.environment = c.environment
      where h.entry is distinct from new.entry
      limit 1;
    end if;
  end if;
  if fault is not null then
    raise exception 'halyard: entry % of % is refused: %', new.entry, new.project, fault
      using errcode = 'integrity_constraint_violation';
  end if;
  return null;
end $$;

create function halyard.guard_revision() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if not exists (
    select from halyard.audit_entry e
    where e.project = new.project and e.entry = new.entry and e.xid = pg_current_xact_id()
      and e.summary -> 'revision' = to_jsonb(new.number)
      and e.summary ->> 'commit' is not distinct from new.commit
  ) or new.number <> 1 + coalesce(
    (select max(r.number) from halyard.revision r where r.project = new.project and r.number <> new.number), 0)
  then
    raise exception 'halyard: revision % of % is refused: no entry of this transaction makes it the next one',
      new.number, new.project using errcode = 'integrity_constraint_violation';
  end if;
  return null;
end $$;

create trigger guard_entry after insert on halyard.audit_entry
  for each row execute function halyard.guard_entry();
create constraint trigger guard_entry_effects after insert on halyard.audit_entry
  deferrable initially deferred for each row execute function halyard.guard_entry_effects();
create trigger guard_changes after insert on halyard.audit_change
  referencing new table as written for each statement execute function halyard.guard_changes();
create trigger guard_revision after insert on halyard.revision
  for each row execute function halyard.guard_revision();
