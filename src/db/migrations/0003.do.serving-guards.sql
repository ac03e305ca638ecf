-- Guards of what is applied and served: no row changes without an entry of this very transaction that says so.
-- Several updates of one row count as their net effect: every version of a row is looked at when the transaction commits,
-- and one with another digest than the entry says is judged by the row as it stands then.
-- The guards of rows run once a row, ten thousands of times in a commit. They are planned once, and a plan that was made
-- when the tables were small must fit when they are not: each statement names all columns of a unique index.

create function halyard.guard_definition() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp set enable_seqscan = off as $$
declare
  touched halyard.definition := case tg_op when 'DELETE' then old else new end;
  head integer;
  change record;
  present halyard.definition := case when tg_op <> 'DELETE' then new end;
begin
  select p.last_entry into head from halyard.project p where p.key = touched.project;
  select c.after, c.xid into change from halyard.audit_change c
  where c.project = touched.project and c.kind = touched.kind and c.key = touched.key and c.environment is null
    and c.entry = head;
  if change.after is distinct from present.digest then
    select d.body, d.digest, d.revision into present.body, present.digest, present.revision
    from halyard.definition d
    where d.project = touched.project and d.kind = touched.kind and d.key = touched.key;
  end if;
  if change.xid is distinct from pg_current_xact_id()
    or change.after is distinct from present.digest
    or change.after is distinct from encode(sha256(convert_to(present.body, 'UTF8')), 'hex')
    or change.after is not null and not exists (
      select from halyard.revision r
      where r.project = touched.project and r.number = present.revision and r.entry = head)
  then
    raise exception 'halyard: % % of % changed without its audit entry', touched.kind, touched.key, touched.project
      using errcode = 'integrity_constraint_violation',
        hint = 'Change it in git: halyard sync writes the definition and its entry in one transaction.';
  end if;
  return null;
end $$;

create function halyard.guard_environment_definition() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp set enable_seqscan = off as $$
declare
  head integer;
  change record;
  present halyard.environment_definition := new;
begin
  select p.last_entry into head from halyard.project p where p.key = new.project;
  select c.after, c.xid into change from halyard.audit_change c
  where c.project = new.project and c.kind = new.kind and c.key = new.key and c.environment = new.environment
    and c.entry = head;
  if change.after is distinct from present.digest then
    select d.body, d.digest, d.revision into present.body, present.digest, present.revision
    from halyard.environment_definition d
    where d.project = new.project and d.environment = new.environment and d.kind = new.kind and d.key = new.key;
  end if;
  if change.xid is distinct from pg_current_xact_id()
    or change.after is distinct from present.digest
    or change.after is distinct from encode(sha256(convert_to(present.body, 'UTF8')), 'hex')
    or not exists (
      select from halyard.revision r
      where r.project = new.project and r.number = present.revision and r.entry = head)
  then
    raise exception 'halyard: % % of % in % changed without its audit entry',
      new.kind, new.key, new.project, new.environment
      using errcode = 'integrity_constraint_violation',
        hint = 'Change it in git: halyard sync writes the definition and its entry in one transaction.';
  end if;
  return null;
end $$;

-- A head names the entry of this transaction, and its digest is that of the rows, which are as the entry says.
-- A planner without statistics expects one row on either side of their join, and would loop over all of both.
create function halyard.guard_snapshot_head() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp set plan_cache_mode = force_custom_plan set jit = off
  set enable_nestloop = off as $$
declare
  fault text;
begin
  select case
    when e.xid is distinct from pg_current_xact_id() or p.last_entry <> h.entry
      then 'it names no entry of this transaction'
    when e.hash <> h.entry_hash or e.summary -> 'revision' is distinct from to_jsonb(h.revision)
      or e.summary ? 'commit' and e.summary ->> 'commit' is distinct from h.commit
      then 'it does not fit the entry that it names'
    when not exists (select from halyard.audit_change c
      where c.project = h.project and c.entry = h.entry and c.environment = h.environment)
      then 'its entry changes nothing there'
    when exists (
      select from halyard.audit_change c
      left join halyard.environment_definition d on d.project = c.project and d.environment = c.environment
        and d.kind = c.kind and d.key = c.key
      where c.project = h.project and c.entry = h.entry and c.environment = h.environment
        and (d.key is null or c.after is distinct from d.digest or d.revision <> h.revision))
      then 'its rows are not as the entry says'
    when h.digest <> (
      select encode(sha256(convert_to(coalesce(
        string_agg(d.kind || E'\t' || d.key || E'\t' || d.digest || E'\n', '' order by d.kind, d.key), ''), 'UTF8')), 'hex')
      from halyard.environment_definition d
      where d.project = h.project and d.environment = h.environment and not d.deleted)
      then 'its digest is not that of its rows'
  end into fault
  from halyard.snapshot_head h
  join halyard.project p on p.key = h.project
  left join halyard.audit_entry e on e.project = h.project and e.entry = h.entry
  where h.project = new.project and h.environment = new.environment;
  if fault is not null then
    raise exception 'halyard: snapshot_head of % in % is refused: %', new.project, new.environment, fault
      using errcode = 'integrity_constraint_violation';
  end if;
  return null;
end $$;

-- The project's row is the head of its chain: last_judged_commit is the commit of the latest entry that judged one.
create function halyard.guard_project() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if not exists (
    select from halyard.project p
    join halyard.audit_entry e on e.project = p.key and e.entry = p.last_entry
    where p.key = new.key and e.xid = pg_current_xact_id()
      and p.last_judged_commit is not distinct from (
        select j.summary ->> 'commit' from halyard.audit_entry j
        where j.project = p.key and j.summary ->> 'action' in ('commit.applied', 'commit.rejected')
        order by j.entry desc limit 1)
  ) then
    raise exception 'halyard: project % changed without an entry', new.key
      using errcode = 'integrity_constraint_violation';
  end if;
  return null;
end $$;

create constraint trigger guard_definition after insert or update or delete on halyard.definition
  deferrable initially deferred for each row execute function halyard.guard_definition();
create constraint trigger guard_environment_definition after insert or update on halyard.environment_definition
  deferrable initially deferred for each row execute function halyard.guard_environment_definition();
create constraint trigger guard_snapshot_head after insert or update on halyard.snapshot_head
  deferrable initially deferred for each row execute function halyard.guard_snapshot_head();
create constraint trigger guard_project after insert or update on halyard.project
  deferrable initially deferred for each row execute function halyard.guard_project();
