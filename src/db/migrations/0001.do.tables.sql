-- The tables of Halyard. Text that is an identity is collated "C": bytes order it, whatever the server's locale.
-- The three large tables have no foreign keys: their guards look the entry and its revision up anyway, and do so for
-- replication roles too, where foreign keys sleep.

create schema if not exists halyard;

create table halyard.project (
  key text collate "C" primary key,
  repository text not null,
  path text not null,
  branch text not null,
  last_entry integer not null default 0 check (last_entry >= 0),
  last_judged_commit text
);

create table halyard.audit_entry (
  project text collate "C" not null references halyard.project (key),
  entry integer not null check (entry > 0),
  previous_hash text not null check (previous_hash ~ '^[0-9a-f]{64}$'),
  content text not null,
  hash text not null check (hash ~ '^[0-9a-f]{64}$'),
  recorded_at timestamptz not null default now(),
  xid xid8 not null default pg_current_xact_id(),
  summary jsonb not null generated always as (content::jsonb - '{changes,problems,evidence}'::text[]) stored,
  primary key (project, entry)
);
create index audit_entry_action on halyard.audit_entry (project, (summary ->> 'action'), entry);

create table halyard.audit_change (
  project text collate "C" not null,
  entry integer not null,
  kind text collate "C" not null,
  key text collate "C" not null,
  environment text collate "C",
  before text,
  after text,
  xid xid8 not null default pg_current_xact_id(),
  constraint audit_change_thing unique nulls not distinct (project, kind, key, environment, entry),
  constraint audit_change_some_digest check (before is not null or after is not null)
);
create index audit_change_entry on halyard.audit_change (project, entry, kind, key, environment);

create table halyard.revision (
  project text collate "C" not null,
  number integer not null check (number > 0),
  entry integer not null,
  commit text,
  applied_at timestamptz not null default now(),
  primary key (project, number),
  foreign key (project, entry) references halyard.audit_entry (project, entry)
);

create table halyard.definition (
  project text collate "C" not null,
  kind text collate "C" not null,
  key text collate "C" not null,
  path text not null,
  body text not null,
  digest text not null,
  revision integer not null,
  primary key (project, kind, key)
);

create table halyard.environment_definition (
  project text collate "C" not null,
  environment text collate "C" not null,
  kind text collate "C" not null,
  key text collate "C" not null,
  body text,
  digest text,
  revision integer not null,
  deleted boolean not null default false,
  primary key (project, environment, kind, key),
  constraint environment_definition_tombstone
    check (case when deleted then body is null and digest is null else body is not null and digest is not null end)
);
-- Partial, so that only a look-up by revision can use it: at commit the guards look up each row by its key, and a planner
-- without statistics may take any index that begins with project and environment.
create index environment_definition_revision on halyard.environment_definition (project, environment, revision)
  where revision > 0;

create table halyard.snapshot_head (
  project text collate "C" not null,
  environment text collate "C" not null,
  revision integer not null,
  commit text,
  digest text not null,
  entry integer not null,
  entry_hash text not null,
  primary key (project, environment),
  foreign key (project, revision) references halyard.revision (project, number) deferrable initially deferred,
  foreign key (project, entry) references halyard.audit_entry (project, entry) deferrable initially deferred
);

comment on table halyard.project is 'One row a project: where it comes from, and the head of its audit chain.';
comment on table halyard.audit_entry is 'The audit chain. content is canonical JSON (RFC 8785); hash = SHA-256(previous hash, 32 bytes || content).';
comment on column halyard.audit_entry.xid is 'The transaction that wrote the entry; what ties rows to entries.';
comment on column halyard.audit_entry.summary is 'content without its long lists, so that a log need not read them.';
comment on table halyard.audit_change is 'One row for each row that an entry changed: content.changes, indexed. Without environment: a row of definition.';
comment on table halyard.revision is 'One row for each change of what is applied.';
comment on table halyard.definition is 'What authors wrote: body is the canonical JSON of the file, digest its SHA-256.';
comment on table halyard.environment_definition is 'What a relay needs. A deletion leaves a tombstone with its revision.';
comment on table halyard.snapshot_head is 'What each environment serves, and the entry that last changed it.';
