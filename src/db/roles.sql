-- What each of Halyard's services may do in a database, and nothing else. `halyard migrate` runs this after the migrations,
-- every time; on a server where its role may not create roles, an administrator runs it by hand once:
--   psql -1 -v ON_ERROR_STOP=1 -f roles.sql
-- The roles are groups without login. They are the server's, so that all its databases share them; what is granted here is
-- granted in this database alone. Nobody is given the right to connect: PostgreSQL gives that to everyone until it is told
-- otherwise, and where databases share a server it is each login's own matter.

do $$
declare
  wanted name;
begin
  foreach wanted in array array['halyard_sync', 'halyard_relay', 'halyard_collector', 'halyard_analyst', 'halyard_reader']::name[] loop
    if not exists (select from pg_catalog.pg_roles r where r.rolname = wanted) then
      begin
        execute pg_catalog.format('create role %I nologin', wanted);
      exception when duplicate_object or unique_violation then
        null; -- another database of this server was migrated at the same moment
      end;
    end if;
  end loop;
end $$;

revoke all on schema halyard from public, halyard_sync, halyard_relay, halyard_collector, halyard_analyst, halyard_reader;
revoke all on all tables in schema halyard from public, halyard_sync, halyard_relay, halyard_collector, halyard_analyst, halyard_reader;
revoke all on all sequences in schema halyard from public, halyard_sync, halyard_relay, halyard_collector, halyard_analyst, halyard_reader;
revoke all on all functions in schema halyard from public, halyard_sync, halyard_relay, halyard_collector, halyard_analyst, halyard_reader;

grant usage on schema halyard to halyard_sync, halyard_relay, halyard_collector, halyard_analyst, halyard_reader;
-- Row-level security asks for these in the name of whoever reads; each login finds its own row alone.
grant select on halyard.relay_login to halyard_sync, halyard_relay, halyard_reader;
grant execute on function halyard.sees_everything() to halyard_sync, halyard_relay, halyard_reader;

-- `halyard sync` and `halyard override`: read everything, append to the audit, and change what is applied. The guards hold
-- them to writing only what an entry of the same transaction says. What the database fills in itself is not theirs to write.
grant select on
  halyard.migration, halyard.project, halyard.audit_entry, halyard.audit_change, halyard.revision,
  halyard.definition, halyard.environment_definition, halyard.snapshot_head, halyard.audit_link
  to halyard_sync;
grant insert (key, repository, path, branch),
  update (repository, path, branch, last_entry, last_judged_commit) on halyard.project to halyard_sync;
grant insert (project, entry, previous_hash, content, hash) on halyard.audit_entry to halyard_sync;
grant insert (project, entry, kind, key, environment, before, after) on halyard.audit_change to halyard_sync;
grant insert (project, number, entry, commit) on halyard.revision to halyard_sync;
grant insert, update (path, body, digest, revision), delete on halyard.definition to halyard_sync;
grant insert, update (body, digest, revision, deleted) on halyard.environment_definition to halyard_sync;
grant insert, update (revision, commit, digest, entry, entry_hash) on halyard.snapshot_head to halyard_sync;

-- `halyard relay`: what one environment serves, and the links of its project's chain. Which one, halyard.relay_login says.
grant select on halyard.snapshot_head, halyard.environment_definition, halyard.audit_link to halyard_relay;

-- `halyard collect`: what events are judged by, the events, and the days that they are kept in. Nothing else that is applied.
grant select on halyard.migration, halyard.measured_definition to halyard_collector;
grant select (key, last_entry) on halyard.project to halyard_collector;
grant select, insert, delete on halyard.event_id, halyard.track_event to halyard_collector;
grant select, insert, update (at, revision, crossover_arm, crossover_at) on halyard.assignment to halyard_collector;
grant execute on function
  halyard.event_day_table(date), halyard.open_event_day(date), halyard.drop_event_day(text, date)
  to halyard_collector;

-- `halyard analyze` and `halyard power`: the events and what they are judged by. It writes what was shown, and changes nothing.
grant select on
  halyard.migration, halyard.measured_definition, halyard.revision, halyard.assignment, halyard.track_event,
  halyard.experiment_plan, halyard.experiment_look, halyard.experiment_snapshot
  to halyard_analyst;
grant select (key) on halyard.project to halyard_analyst;
grant insert (project, environment, experiment, number, at, design, units_per_arm, baseline, basis)
  on halyard.experiment_plan to halyard_analyst;
grant insert (project, environment, experiment, look, at, fraction, is_final, units, information, arms)
  on halyard.experiment_look to halyard_analyst;
grant insert (project, environment, experiment, number, at, look, content)
  on halyard.experiment_snapshot to halyard_analyst;

-- `halyard audit`, `halyard assignment` and whoever looks at the database: reads everything, writes nothing.
grant select on
  halyard.migration, halyard.project, halyard.audit_entry, halyard.audit_change, halyard.revision,
  halyard.definition, halyard.environment_definition, halyard.snapshot_head, halyard.audit_link,
  halyard.measured_definition, halyard.event_id, halyard.assignment, halyard.track_event,
  halyard.experiment_plan, halyard.experiment_look, halyard.experiment_snapshot
  to halyard_reader;
