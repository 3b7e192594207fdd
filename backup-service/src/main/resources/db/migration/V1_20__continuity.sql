create table critical_function (
  id              uuid primary key,
  version         bigint      not null,
  event_number    bigint      not null,
  published_state text        not null,
  name            text        not null,
  owner           text        not null,
  description     text,
  dependencies    text        not null,
  assets          text        not null,
  proof_due_at    timestamptz,
  declared_at     timestamptz not null,
  retired_at      timestamptz,
  check ((proof_due_at is null) = (assets = ''))
);
create unique index critical_function_name on critical_function (lower(name)) where retired_at is null;
create index critical_function_proof on critical_function (proof_due_at, id) where retired_at is null;

create table failover_test (
  id                uuid primary key,
  critical_function uuid        not null references critical_function,
  asset             uuid        not null,
  peer              uuid        not null,
  tested_at         timestamptz not null,
  passed            boolean     not null,
  takeover_seconds  bigint,
  note              text,
  recorded_by       text        not null,
  recorded_at       timestamptz not null,
  check (passed = (takeover_seconds is not null))
);
create index failover_test_of on failover_test (critical_function, id);

create table continuity_plan (
  id                   uuid primary key,
  version              bigint not null,
  event_number         bigint not null,
  published_state      text   not null,
  critical_function    uuid   not null unique references critical_function,
  title                text   not null,
  submitted            int    not null,
  pending_since        timestamptz,
  in_force             int,
  rto_seconds          bigint,
  rpo_seconds          bigint,
  rto_measured_seconds bigint,
  rpo_measured_seconds bigint,
  exercised_at         timestamptz,
  exercise_due_at      timestamptz,
  ended_at             timestamptz,
  check ((in_force is null) = (rto_seconds is null)),
  check ((in_force is null) = (rpo_seconds is null)),
  check ((in_force is null) = (exercise_due_at is null)),
  check ((exercised_at is null) = (rto_measured_seconds is null)),
  check ((exercised_at is null) = (rpo_measured_seconds is null))
);
create index continuity_plan_exercise on continuity_plan (exercise_due_at, id) where ended_at is null;
create index continuity_plan_pending on continuity_plan (pending_since, id) where pending_since is not null;

create table continuity_plan_version (
  id           uuid primary key,
  plan         uuid        not null references continuity_plan,
  number       int         not null,
  rto_seconds  bigint      not null,
  rpo_seconds  bigint      not null,
  steps        text        not null,
  author       text        not null,
  submitted_at timestamptz not null,
  decision     text,
  decided_by   text,
  decided_at   timestamptz,
  reason       text,
  unique (plan, number),
  check (decided_by <> author)
);
create index continuity_plan_version_of on continuity_plan_version (plan, id);

create table continuity_exercise (
  id                   uuid primary key,
  version              bigint      not null,
  event_number         bigint      not null,
  published_state      text        not null,
  plan                 uuid        not null references continuity_plan,
  number               int         not null,
  method               text        not null,
  scenario             text        not null,
  steps                int         not null,
  done                 int         not null,
  skipped              int         not null,
  lessons              int         not null,
  outcome              text,
  rto_measured_seconds bigint,
  rpo_measured_seconds bigint,
  begun_at             timestamptz not null,
  concluded_at         timestamptz,
  check ((outcome is null) = (concluded_at is null)),
  check ((rto_measured_seconds is not null) = (outcome is not null and outcome = 'RESTORED')),
  check ((rpo_measured_seconds is not null) = (outcome is not null and outcome = 'RESTORED'))
);
create index continuity_exercise_of on continuity_exercise (plan, id);

create table continuity_exercise_step (
  id         uuid primary key,
  exercise   uuid not null references continuity_exercise,
  number     int  not null,
  text       text not null,
  state      text not null,
  settled_by text,
  settled_at timestamptz,
  reason     text,
  unique (exercise, number),
  check ((state = 'OPEN') = (settled_at is null)),
  check ((state = 'SKIPPED') = (reason is not null))
);

create table continuity_lesson (
  id             uuid primary key,
  exercise       uuid        not null references continuity_exercise,
  text           text        not null,
  owner          text        not null,
  learnt_at      timestamptz not null,
  due_at         timestamptz not null,
  followed_up_at timestamptz,
  followed_up_by text,
  result         text
);
create index continuity_lesson_of on continuity_lesson (exercise, id);
create index continuity_lesson_owner on continuity_lesson (owner, learnt_at, id) where followed_up_at is null;

grant select, insert, update on critical_function, continuity_plan, continuity_plan_version, continuity_exercise,
  continuity_exercise_step, continuity_lesson to "${runtime}";
-- A test is evidence: it is never changed.
grant select, insert on failover_test to "${runtime}";
