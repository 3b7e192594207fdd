-- That a rule need not be kept until an end, by an object (<kind>/<id>) or by all in its scope. Nobody decides about their own request (R4.6).
create table control_exception (
  id              uuid primary key,
  version         bigint      not null,
  event_number    bigint      not null,
  published_state text        not null,
  rule            text        not null,
  object          text,
  reason          text        not null,
  ends_at         timestamptz not null,
  stage           text        not null,
  requested_by    text        not null,
  requested_at    timestamptz not null,
  decided_by      text,
  decided_at      timestamptz,
  end_reason      text,
  check (requested_at < ends_at),
  check (decided_by <> requested_by),
  check ((decided_at is null) = (decided_by is null)),
  check (stage not in ('APPROVED', 'REFUSED') or decided_at is not null),
  check ((stage in ('REFUSED', 'WITHDRAWN')) = (end_reason is not null))
);
create index control_exception_rule on control_exception (rule, id);
create index control_exception_requested_by on control_exception (requested_by, id);
create index control_exception_waiting on control_exception (requested_at, id) where stage = 'REQUESTED';

grant select, insert, update on control_exception to "${runtime}";

-- Under which exception an object fails a rule, as the log tells; and how many do.
alter table verdict add column exception uuid;
alter table verdict_turn add column exception uuid;
alter table control add column excepted bigint not null default 0;
alter table control_turn add column excepted bigint not null default 0;
