-- Events of experiments: what the collector writes, and what an analysis reads.

create table halyard.event_id (
  project text collate "C" not null,
  id uuid not null,
  day date not null,
  primary key (project, id)
);
comment on table halyard.event_id is 'Every event that was counted, once: what makes deliveries idempotent. day is the event''s, for retention.';
create index event_id_day on halyard.event_id (project, day);

create table halyard.assignment (
  project text collate "C" not null,
  environment text collate "C" not null,
  experiment text collate "C" not null,
  unit text collate "C" not null,
  unit_attribute text collate "C" not null,
  arm text collate "C" not null,
  at timestamptz not null,
  revision integer,
  crossover_arm text collate "C",
  crossover_at timestamptz,
  primary key (project, environment, experiment, unit),
  constraint assignment_crossover check (
    (crossover_arm is null) = (crossover_at is null) and crossover_arm is distinct from arm)
);
comment on table halyard.assignment is 'The arm that each unit was given first. A later, different one stays beside it as the crossover.';

create table halyard.track_event (
  project text collate "C" not null,
  environment text collate "C" not null,
  event text collate "C" not null,
  unit_attribute text collate "C" not null,
  unit text collate "C" not null,
  at timestamptz not null,
  value double precision,
  properties jsonb
) partition by range (at);
comment on table halyard.track_event is 'What apps track, a row for each of the event''s units, in a partition for each day (UTC) of at.';
-- What a metric reads lies together, and new rows come to its end. With the unit and the value in it too, it took 40 bytes a row
-- more, and analyses no less time.
create index track_event_event on halyard.track_event (project, environment, event, unit_attribute, at);

-- What the collector must know to judge an event, and nothing else of the definitions. It reads with its owner's rights.
create view halyard.measured_definition with (security_barrier) as
  select d.project, d.kind, d.key, d.body
  from halyard.definition d
  where d.kind in ('project', 'experiment', 'metric');
comment on view halyard.measured_definition is 'The definitions by which events are judged: what the collector sees of what is applied.';

create function halyard.event_day_table(day date) returns name
language sql immutable strict set search_path = pg_catalog, pg_temp as $$
  select ('track_event_' || to_char(day, 'YYYYMMDD'))::name
$$;

-- Days are opened and dropped by functions, so that the collector's role needs no right to change the schema. The table is
-- made beside and then attached: unlike `create table … partition of`, that lets readers and writers go on.
create function halyard.open_event_day(day date) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare
  partition name := halyard.event_day_table(day);
begin
  if day is null or day > current_date + 7 or day < current_date - 4000 then
    raise exception 'no event can be of the day %', day using errcode = 'invalid_parameter_value';
  end if;
  perform pg_advisory_xact_lock(hashtextextended('halyard event days', 0));
  if to_regclass(format('halyard.%I', partition)) is not null then
    return;
  end if;
  execute format('create table halyard.%I (like halyard.track_event including defaults including constraints)', partition);
  execute format(
    'alter table halyard.track_event attach partition halyard.%I for values from (%L) to (%L)',
    partition, day::timestamptz, (day + 1)::timestamptz);
end $$;

-- Drops a day that holds no other project's events, and says whether it did. It does not wait for who reads it: a table that
-- is dropped must be alone with all its kin, and everyone who comes would wait behind.
create function halyard.drop_event_day(of_project text, day date) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp set lock_timeout = '300ms' as $$
declare
  partition name := halyard.event_day_table(day);
  is_shared boolean;
begin
  perform pg_advisory_xact_lock(hashtextextended('halyard event days', 0));
  if to_regclass(format('halyard.%I', partition)) is null then
    return true;
  end if;
  lock table only halyard.track_event in access exclusive mode;
  -- Of the least and the greatest the index knows at once.
  execute format('select min(t.project) <> $1 or max(t.project) <> $1 from halyard.%I t', partition)
    into is_shared using of_project;
  is_shared := coalesce(is_shared, false);
  if not is_shared then
    execute format('drop table halyard.%I', partition);
  end if;
  return not is_shared;
end $$;

create trigger refuse_truncate before truncate on halyard.event_id
  for each statement execute function halyard.refuse('nothing is truncated');
create trigger refuse_truncate before truncate on halyard.assignment
  for each statement execute function halyard.refuse('nothing is truncated');
create trigger refuse_truncate before truncate on halyard.track_event
  for each statement execute function halyard.refuse('nothing is truncated');
alter table halyard.event_id enable always trigger refuse_truncate;
alter table halyard.assignment enable always trigger refuse_truncate;
alter table halyard.track_event enable always trigger refuse_truncate;

revoke all on all functions in schema halyard from public;
