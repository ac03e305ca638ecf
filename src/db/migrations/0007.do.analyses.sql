-- What analyses of experiments have said: the plan that each is held to, the looks that were taken, and every analysis whole.
-- Nothing of it is changed afterwards, so that a number once shown can be found again, and no look is taken twice.

-- The latest number stands. A second one is made where the first was made before any window was over, and no look was taken.
create table halyard.experiment_plan (
  project text collate "C" not null,
  environment text collate "C" not null,
  experiment text collate "C" not null,
  number integer not null check (number > 0),
  at timestamptz not null,
  design jsonb not null,
  units_per_arm integer check (units_per_arm > 0),
  baseline double precision,
  basis jsonb not null,
  recorded_at timestamptz not null default now(),
  recorded_by name not null default session_user,
  primary key (project, environment, experiment, number)
);
comment on table halyard.experiment_plan is 'What an experiment is held to, as it was when its first units were analyzed: arms, level, power, looks, and the size that follows.';

create table halyard.experiment_look (
  project text collate "C" not null,
  environment text collate "C" not null,
  experiment text collate "C" not null,
  look integer not null check (look > 0),
  at timestamptz not null,
  fraction double precision not null check (fraction > 0),
  is_final boolean not null,
  units integer not null,
  arms jsonb not null,
  recorded_at timestamptz not null default now(),
  recorded_by name not null default session_user,
  primary key (project, environment, experiment, look)
);
comment on table halyard.experiment_look is 'The planned looks that were taken, each once: its share of the plan, its bounds, and the z and p of each arm.';

create table halyard.experiment_snapshot (
  project text collate "C" not null,
  environment text collate "C" not null,
  experiment text collate "C" not null,
  number integer not null check (number > 0),
  at timestamptz not null,
  look integer,
  content json not null,
  recorded_at timestamptz not null default now(),
  recorded_by name not null default session_user,
  primary key (project, environment, experiment, number)
);
comment on table halyard.experiment_snapshot is 'Every analysis that was shown, whole, as `halyard analyze --format json` prints it.';

create trigger refuse_rewrite before update or delete on halyard.experiment_plan
  for each statement execute function halyard.refuse('a plan is made once');
create trigger refuse_rewrite before update or delete on halyard.experiment_look
  for each statement execute function halyard.refuse('a look is taken once');
create trigger refuse_rewrite before update or delete on halyard.experiment_snapshot
  for each statement execute function halyard.refuse('what was shown is kept');
create trigger refuse_truncate before truncate on halyard.experiment_plan
  for each statement execute function halyard.refuse('nothing is truncated');
create trigger refuse_truncate before truncate on halyard.experiment_look
  for each statement execute function halyard.refuse('nothing is truncated');
create trigger refuse_truncate before truncate on halyard.experiment_snapshot
  for each statement execute function halyard.refuse('nothing is truncated');
alter table halyard.experiment_plan enable always trigger refuse_rewrite;
alter table halyard.experiment_look enable always trigger refuse_rewrite;
alter table halyard.experiment_snapshot enable always trigger refuse_rewrite;
alter table halyard.experiment_plan enable always trigger refuse_truncate;
alter table halyard.experiment_look enable always trigger refuse_truncate;
alter table halyard.experiment_snapshot enable always trigger refuse_truncate;
