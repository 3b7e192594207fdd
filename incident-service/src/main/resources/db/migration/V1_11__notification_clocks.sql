alter table incident add column regimes text not null default '';

-- Who has to be told of an incident, and until when. A due time is computed once and has no way to change.
create table notification_clock (
  id              uuid primary key,
  version         bigint      not null,
  event_number    bigint      not null,
  published_state text        not null,
  incident        uuid        not null references incident,
  regime          text        not null,
  step            text        not null,
  client          uuid,
  aware_at        timestamptz not null,
  starts_at       timestamptz not null,
  due_at          timestamptz not null,
  started_at      timestamptz not null,
  state           text        not null,
  missed_at       timestamptz,
  notified_at     timestamptz,
  reference       text,
  reason          text,
  ended_at        timestamptz,
  check (due_at > starts_at),
  check ((state = 'RUNNING') = (ended_at is null)),
  check ((state = 'NOTIFIED') = (notified_at is not null)),
  check ((state = 'NOTIFIED') = (reference is not null)),
  check ((state = 'NOT_NOTIFIED') = (reason is not null))
);
create unique index notification_clock_once on notification_clock (incident, regime, step, client) nulls not distinct;
create index notification_clock_running on notification_clock (due_at, id) where state = 'RUNNING';

-- What access-service tells of contracts: within how many hours a client is to be told of a breach.
create table client_delay (
  client uuid primary key,
  hours  int not null
);

-- No update of what a clock starts from and ends at.
grant select, insert on notification_clock to "${runtime}";
grant update (version, event_number, published_state, state, missed_at, notified_at, reference, reason, ended_at)
  on notification_clock to "${runtime}";
grant select, insert, update on client_delay to "${runtime}";
