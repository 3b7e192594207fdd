-- What the runs of a plan make, and when in the day they start.
alter table backup_plan
  add column medium         text,
  add column datacenter     uuid,
  add column backup_server  uuid,
  add column protection     text,
  add column retention_days int,
  add column time_of_day    text,
  add column zone           text,
  add column tape           uuid;
-- A plan goes on missing runs until one succeeds, so its place here moves from miss to miss.
drop index plan_overdue;
create index plan_overdue on backup_plan (overdue_at) where state = 'ACTIVE' and asset_state is null;
-- What is on a tape, or kept by a server, when that one moves.
create index plan_tape on backup_plan (tape) where tape is not null;
create index plan_server on backup_plan (backup_server) where backup_server is not null;

alter table backup_run
  add column anomaly       text,
  add column tool          text,
  add column snapshot      text,
  add column tape          uuid,
  add column native_report text,
  add column reported_by   text;
create index run_asset on backup_run (asset, id);
create index run_anomaly on backup_run (anomaly, id) where anomaly is not null;
create index run_failed on backup_run (id) where outcome = 'FAILED';

-- How each asset stands with what the policy asks of its backups, and what is known of it for that.
create table asset_coverage (
  id              uuid primary key,
  version         bigint      not null,
  event_number    bigint      not null,
  published_state text        not null,
  facts           text        not null,
  asset_kind      text,
  asset_state     text,
  site            uuid,
  status          text        not null,
  shortfalls      text        not null,
  since           timestamptz not null,
  judged_by       text        not null
);
create index coverage_status on asset_coverage (status, id);
create index coverage_kind on asset_coverage (asset_kind, id);
create index coverage_waiting on asset_coverage (since, id) where status in ('UNCOVERED', 'FALLS_SHORT');
-- What the clock searches, every few seconds.
create index coverage_judged_by on asset_coverage (judged_by);

create table backup_exception (
  id              uuid primary key,
  version         bigint      not null,
  event_number    bigint      not null,
  published_state text        not null,
  asset           uuid        not null,
  scope           text        not null,
  reason          text        not null,
  ends_at         timestamptz not null,
  stage           text        not null,
  requested_by    text        not null,
  requested_at    timestamptz not null,
  decided_by      text
);
create unique index exception_open on backup_exception (asset, scope) where stage in ('REQUESTED', 'APPROVED');
create index exception_asset on backup_exception (asset, id);
create index exception_waiting on backup_exception (requested_at, id) where stage = 'REQUESTED';
create index exception_over on backup_exception (ends_at) where stage in ('REQUESTED', 'APPROVED');

grant select, insert, update on asset_coverage, backup_exception to "${runtime}";
