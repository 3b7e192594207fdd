-- What people are to be told by mail, and what became of it. No address stands here.
create table notice (
  id               uuid primary key,
  version          bigint      not null,
  event_number     bigint      not null,
  published_state  text        not null,
  person           uuid,
  role             text,
  template         text        not null,
  parameters       text        not null,
  dedupe_key       text        not null unique,
  requested_at     timestamptz not null,
  not_before       timestamptz,
  send_until       timestamptz,
  state            text        not null,
  attempts         int         not null,
  first_attempt_at timestamptz,
  next_attempt_at  timestamptz,
  last_error       text,
  ended_at         timestamptz,
  reason           text,
  check (person is not null or role is not null)
);
create index notice_due on notice (next_attempt_at, id) where state = 'WAITING';
create index notice_state on notice (state, id);
create index notice_person on notice (person, id);

grant select, insert, update on notice to "${runtime}";
