-- A relay's login sees one environment of one project, and of the audit the bare links of that project's chain.
-- Row-level security decides by the login itself, not by the roles of roles.sql, so that a database without those roles has
-- the same schema. Every expression below is a subquery that depends on no row, so it is asked once a statement.

create table halyard.relay_login (
  login name primary key,
  project text collate "C" not null,
  environment text collate "C" not null
);
comment on table halyard.relay_login is 'Which environment a relay''s login may read. Written by the owner alone, by hand.';

-- The owner, whoever has its privileges, sync and whoever reads the audit; not those who have rights on tables alone.
create function halyard.sees_everything() returns boolean
language sql stable set search_path = pg_catalog, pg_temp as $$
  select exists (
    select from pg_roles r
    where (r.rolname in ('halyard_sync', 'halyard_reader')
        or r.oid = (select c.relowner from pg_class c where c.oid = 'halyard.relay_login'::regclass))
      and pg_has_role(r.oid, 'usage'))
$$;

alter table halyard.relay_login enable row level security;
alter table halyard.snapshot_head enable row level security;
alter table halyard.environment_definition enable row level security;

create policy own_row on halyard.relay_login for select using (login = current_user);

create policy everything on halyard.snapshot_head
  using ((select halyard.sees_everything())) with check ((select halyard.sees_everything()));
create policy own_environment on halyard.snapshot_head for select using (
  project = (select l.project from halyard.relay_login l where l.login = current_user)
  and environment = (select l.environment from halyard.relay_login l where l.login = current_user));

create policy everything on halyard.environment_definition
  using ((select halyard.sees_everything())) with check ((select halyard.sees_everything()));
create policy own_environment on halyard.environment_definition for select using (
  project = (select l.project from halyard.relay_login l where l.login = current_user)
  and environment = (select l.environment from halyard.relay_login l where l.login = current_user));

-- Enough to tell a longer chain from a forked one, and nothing of what the entries say. It reads with its owner's rights.
create view halyard.audit_link with (security_barrier) as
  select e.project, e.entry, e.previous_hash, e.hash
  from halyard.audit_entry e
  where (select halyard.sees_everything())
    or e.project = (select l.project from halyard.relay_login l where l.login = current_user);
comment on view halyard.audit_link is 'The links of the audit chain, without what the entries say: what a relay sees of it.';

create trigger refuse_truncate before truncate on halyard.relay_login
  for each statement execute function halyard.refuse('nothing is truncated');
alter table halyard.relay_login enable always trigger refuse_truncate;

revoke all on all functions in schema halyard from public;
