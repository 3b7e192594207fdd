create table backup_plan (
  id              uuid primary key,
  version         bigint      not null,
  event_number    bigint      not null,
  published_state text        not null,
  asset           uuid        not null,
  name            text        not null,
  site            text        not null,
  run_every       text        not null,
  tolerance       text        not null,
  state           text        not null,
  suspended_until timestamptz,
  next_due_at     timestamptz not null,
  overdue_at      timestamptz not null,
  last_success_at timestamptz,
  missed_since    timestamptz,
  asset_state     text,
  asset_gone_at   timestamptz,
  created_at      timestamptz not null,
  ended_at        timestamptz
);
-- Two plans of one name on one asset: a tool could not tell which it runs for.
create unique index plan_name on backup_plan (asset, lower(name)) where state <> 'ENDED';
create index plan_asset on backup_plan (asset, id);
create index plan_state on backup_plan (state, id);
create index plan_missed on backup_plan (missed_since) where missed_since is not null;
create index plan_asset_gone on backup_plan (asset_gone_at) where asset_gone_at is not null;
-- What the clock searches, every few seconds.
create index plan_overdue on backup_plan (overdue_at)
  where state = 'ACTIVE' and missed_since is null and asset_state is null;
create index plan_suspension_over on backup_plan (suspended_until) where state = 'SUSPENDED';

create table backup_run (
  id              uuid primary key,
  version         bigint      not null,
  event_number    bigint      not null,
  published_state text        not null,
  plan            uuid        not null references backup_plan,
  asset           uuid        not null,
  started_at      timestamptz not null,
  ended_at        timestamptz not null,
  outcome         text        not null,
  bytes           bigint,
  sha256          text,
  location        text,
  message         text,
  recovery_point  text,
  reported_at     timestamptz not null,
  unique (plan, started_at)
);
create index run_plan on backup_run (plan, id);

-- Assets retired or lost, as asset-service told; they get no new plan.
create table gone_asset (
  asset_id    uuid primary key,
  asset_state text        not null,
  gone_at     timestamptz not null
);

grant select, insert, update on backup_plan to "${runtime}";
-- A run is evidence: it is never changed, and goes only when a rule of retention says so.
grant select, insert on backup_run, gone_asset to "${runtime}";
