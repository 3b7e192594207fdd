-- The kernel's tables, the same in every service's own database.

-- Facts committed with the state change they belong to, waiting for the relay.
create table outbox (
  id           bigint generated always as identity primary key,
  event_id     uuid        not null,
  type         text        not null,
  subject      text        not null,
  message_key  text        not null,
  event_number bigint,
  payload      text        not null,
  actor        text        not null,
  occurred_at  timestamptz not null,
  traceparent  text,
  blocked_at    timestamptz,
  blocked_error text
);
create index outbox_blocked on outbox (message_key) where blocked_at is not null;

-- The relay's memory: the last number given, and the rows being sent now, in order. A batch is
-- written here before it is sent, so that a restart sends the same rows with the same numbers.
create table relay (
  one         boolean primary key default true check (one),
  last_number bigint   not null default 0,
  batch       bigint[] not null default '{}'
);
insert into relay default values;

create table inbox (
  listener    text        not null,
  event_id    uuid        not null,
  received_at timestamptz not null,
  primary key (listener, event_id)
);
create index inbox_age on inbox (received_at);

create table parked (
  id          bigint generated always as identity primary key,
  listener    text        not null,
  message_key text        not null,
  topic       text        not null,
  partition   int         not null,
  position    bigint      not null,
  headers     text        not null,
  payload     bytea       not null,
  error       text        not null,
  parked_at   timestamptz not null,
  unique (listener, topic, partition, position)
);
create index parked_key on parked (listener, message_key, id);

create table idempotency (
  actor      text        not null,
  method     text        not null,
  path       text        not null,
  key        text        not null,
  body_hash  text        not null,
  status     int         not null,
  etag       text,
  location   text,
  body       text,
  receipt    text,
  created_at timestamptz not null,
  primary key (actor, path, key, method)
);
create index idempotency_age on idempotency (created_at);

create table revocation (
  subject    text        primary key,
  not_before timestamptz not null
);

grant select, insert, update, delete on outbox, inbox, parked, idempotency, revocation to "${runtime}";
grant select, update on relay to "${runtime}";
