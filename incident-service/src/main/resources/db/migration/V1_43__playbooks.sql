create table playbook (
  id              uuid primary key,
  version         bigint      not null,
  event_number    bigint      not null,
  published_state text        not null,
  category        text        not null unique,
  title           text        not null,
  submitted       int         not null,
  pending         boolean     not null,
  in_force        int,
  exercised_at    timestamptz,
  exercise_due_at timestamptz,
  check ((in_force is null) = (exercise_due_at is null))
);
create index playbook_exercise on playbook (exercise_due_at, id);

create table playbook_version (
  id           uuid primary key,
  playbook     uuid        not null references playbook,
  number       int         not null,
  steps        text        not null,
  author       text        not null,
  submitted_at timestamptz not null,
  decision     text,
  decided_by   text,
  decided_at   timestamptz,
  reason       text,
  unique (playbook, number),
  check (decided_by <> author)
);
create index playbook_version_of on playbook_version (playbook, id);

create table playbook_run (
  id              uuid primary key,
  version         bigint      not null,
  event_number    bigint      not null,
  published_state text        not null,
  playbook        uuid        not null references playbook,
  number          int         not null,
  incident        uuid references incident,
  exercise        boolean     not null,
  steps           int         not null,
  done            int         not null,
  skipped         int         not null,
  lessons         int         not null,
  begun_at        timestamptz not null,
  completed_at    timestamptz,
  check (exercise = (incident is null)),
  check ((completed_at is null) = (done + skipped < steps))
);
create index playbook_run_of on playbook_run (playbook, id);
create index playbook_run_incident on playbook_run (incident, id) where incident is not null;

create table playbook_run_step (
  id         uuid primary key,
  run        uuid not null references playbook_run,
  number     int  not null,
  text       text not null,
  state      text not null,
  settled_by text,
  settled_at timestamptz,
  reason     text,
  unique (run, number),
  check ((state = 'OPEN') = (settled_at is null)),
  check ((state = 'SKIPPED') = (reason is not null))
);

create table playbook_lesson (
  id             uuid primary key,
  run            uuid        not null references playbook_run,
  text           text        not null,
  owner          text        not null,
  learnt_at      timestamptz not null,
  due_at         timestamptz not null,
  followed_up_at timestamptz,
  followed_up_by text,
  outcome        text
);
create index playbook_lesson_run on playbook_lesson (run, id);
create index playbook_lesson_owner on playbook_lesson (owner, learnt_at, id) where followed_up_at is null;

grant select, insert, update on playbook, playbook_version, playbook_run, playbook_run_step, playbook_lesson
  to "${runtime}";
