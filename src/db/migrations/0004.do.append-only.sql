-- What is never done at all, and what makes every guard hold for every session, replication roles included.

create trigger refuse_rewrite before update or delete on halyard.audit_entry
  for each statement execute function halyard.refuse('the audit is append-only');
create trigger refuse_rewrite before update or delete on halyard.audit_change
  for each statement execute function halyard.refuse('the audit is append-only');
create trigger refuse_rewrite before update or delete on halyard.revision
  for each statement execute function halyard.refuse('revisions are append-only');
create trigger refuse_delete before delete on halyard.project
  for each statement execute function halyard.refuse('a project keeps its audit');
create trigger refuse_delete before delete on halyard.snapshot_head
  for each statement execute function halyard.refuse('an environment that is gone has an empty snapshot');
create trigger refuse_delete before delete on halyard.environment_definition
  for each statement execute function halyard.refuse('a deletion leaves a tombstone: set deleted');

create trigger refuse_rename before update on halyard.project for each row
  when (old.key <> new.key) execute function halyard.refuse('a key never changes');
create trigger refuse_rename before update on halyard.snapshot_head for each row
  when ((old.project, old.environment) <> (new.project, new.environment))
  execute function halyard.refuse('a key never changes');
create trigger refuse_rename before update on halyard.definition for each row
  when ((old.project, old.kind, old.key) <> (new.project, new.kind, new.key))
  execute function halyard.refuse('a key never changes: delete and insert');
create trigger refuse_rename before update on halyard.environment_definition for each row
  when ((old.project, old.environment, old.kind, old.key) <> (new.project, new.environment, new.kind, new.key))
  execute function halyard.refuse('a key never changes: leave a tombstone and insert');

do $$
declare
  guarded regclass;
  guard name;
begin
  for guarded in select c.oid from pg_class c where c.relnamespace = 'halyard'::regnamespace and c.relkind = 'r' loop
    execute format('create trigger refuse_truncate before truncate on %s
      for each statement execute function halyard.refuse(''nothing is truncated'')', guarded);
  end loop;
  for guarded, guard in
    select t.tgrelid, t.tgname from pg_trigger t join pg_class c on c.oid = t.tgrelid
    where c.relnamespace = 'halyard'::regnamespace and not t.tgisinternal
  loop
    execute format('alter table %s enable always trigger %I', guarded, guard);
  end loop;
end $$;
