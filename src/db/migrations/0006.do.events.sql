-- Events of experiments: what the collector writes, and what an analysis reads.

create table halyard.event_id (
  project text collate "C" not null,
  id uuid not null,
  day date not null,
  primary key (project, id)
);

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
  primary key (project, environment, experiment, unit)
);

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

comment on table halyard.event_id is 'Every event that was counted, once: what makes deliveries idempotent. day is the event''s, for retention.';
comment on table halyard.assignment is 'The arm that each unit was given first. A later, different one stays beside it as the crossover.';
comment on table halyard.track_event is 'What apps track, a row for each of the event''s units, in a partition for each day (UTC) of at.';
