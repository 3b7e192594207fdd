-- What is closed stays, so that it is not taken for one of which nothing was heard yet.
create table known_incident (
  incident_id uuid primary key,
  open        boolean not null
);

create table backup_access (
  id              uuid primary key,
  version         bigint      not null,
  event_number    bigint      not null,
  published_state text        not null,
  holder          text        not null,
  role            text        not null check (role in ('SYSADMIN', 'CISO')),
  assets          text        not null,
  incident        uuid,
  reason          text        not null,
  minutes         bigint      not null check (minutes > 0),
  uses            int         not null,
  state           text        not null,
  requested_at    timestamptz not null,
  opened_at       timestamptz,
  approved_by     text check (approved_by <> holder),
  ends_at         timestamptz not null,
  ended_at        timestamptz,
  -- Nobody touches backups without an incident or somebody else's approval.
  check (opened_at is null or (incident is null) = (approved_by is not null)),
  check ((ended_at is null) = (state in ('REQUESTED', 'OPEN')))
);
create index backup_access_state on backup_access (state, id);
create index backup_access_holder on backup_access (holder, id);
create index backup_access_incident on backup_access (incident, id) where incident is not null;
create index backup_access_over on backup_access (ends_at) where state in ('REQUESTED', 'OPEN');

create table backup_use (
  id      uuid primary key,
  access  uuid        not null references backup_access,
  action  text        not null,
  run     uuid        not null references backup_run,
  asset   uuid        not null,
  reason  text        not null,
  used_at timestamptz not null
);
create index backup_use_access on backup_use (access, id);

create table backup_deletion (
  id              uuid primary key,
  version         bigint      not null,
  event_number    bigint      not null,
  published_state text        not null,
  requested_by    text        not null,
  access          uuid        not null references backup_access,
  run             uuid        not null references backup_run,
  asset           uuid        not null,
  reason          text        not null,
  state           text        not null,
  requested_at    timestamptz not null,
  decided_by      text check (decided_by <> requested_by),
  decided_at      timestamptz,
  completed_at    timestamptz,
  check ((decided_by is null) = (state = 'REQUESTED')),
  check ((completed_at is null) = (state <> 'COMPLETED'))
);
-- A copy is deleted once; a refused request may be made again.
create unique index backup_deletion_run on backup_deletion (run) where state <> 'REFUSED';
create index backup_deletion_asset on backup_deletion (asset, id);
create index backup_deletion_state on backup_deletion (state, id);

grant select, insert, update on known_incident, backup_access, backup_deletion to "${runtime}";
-- A use is evidence: it is never changed.
grant select, insert on backup_use to "${runtime}";
