-- How deep, and by when, a restore of each asset that is backed up is to be tested.
create table restore_duty (
  id                    uuid primary key,
  version               bigint      not null,
  event_number          bigint      not null,
  published_state       text        not null,
  depth                 text        not null,
  days                  int         not null check (days > 0),
  rto_objective_seconds bigint,
  rpo_objective_seconds bigint,
  since                 timestamptz not null,
  due_at                timestamptz,
  overdue_since         timestamptz,
  tested_at             timestamptz,
  tested_depth          text,
  check ((tested_at is null) = (tested_depth is null)),
  check (overdue_since is null or due_at is not null)
);
-- What the clock searches, every few seconds, and what people see first.
create index restore_duty_due on restore_duty (due_at, id) where due_at is not null;
create index restore_duty_overdue on restore_duty (id) where overdue_since is not null;

create table restore_test (
  id                    uuid primary key,
  version               bigint      not null,
  event_number          bigint      not null,
  published_state       text        not null,
  plan                  uuid        not null references backup_plan,
  asset                 uuid        not null,
  run                   uuid        not null references backup_run,
  depth                 text        not null,
  automated             boolean     not null,
  stage                 text        not null,
  outcome               text,
  operator              text        not null,
  verifier              text check (verifier <> operator),
  evidence              int         not null,
  recovery_point_at     timestamptz not null,
  started_at            timestamptz not null,
  ended_at              timestamptz,
  rto_seconds           bigint,
  rpo_seconds           bigint      not null,
  rto_objective_seconds bigint,
  rpo_objective_seconds bigint,
  sampled               int,
  differences           int,
  message               text,
  completed_at          timestamptz,
  check ((completed_at is null) = (stage <> 'COMPLETED')),
  -- Nobody's success counts on their word alone.
  check (automated or stage <> 'COMPLETED' or outcome = 'FAILED' or verifier is not null)
);
create index restore_test_asset on restore_test (asset, id);
create index restore_test_plan on restore_test (plan, id);
create index restore_test_stage on restore_test (stage, id);
create unique index restore_test_reported on restore_test (plan, started_at) where automated;

create table restore_evidence (
  id       uuid primary key,
  test     uuid        not null references restore_test,
  text     text        not null,
  sha256   text,
  added_at timestamptz not null
);
create index restore_evidence_of on restore_evidence (test, id);

grant select, insert, update on restore_duty, restore_test to "${runtime}";
-- Evidence is never changed, and of a run only what tests show of its copy.
grant select, insert on restore_evidence to "${runtime}";
grant update (version, event_number, published_state, recovery_point) on backup_run to "${runtime}";
create index run_verified on backup_run (asset, started_at) where recovery_point = 'VERIFIED';

-- The clock judges all assets anew, and sets when restores of them are to be tested.
update asset_coverage set judged_by = '';
