create table feed (
  id              uuid primary key,
  version         bigint      not null,
  event_number    bigint      not null,
  published_state text        not null,
  name            text        not null,
  url             text        not null,
  registered_at   timestamptz not null,
  ended_at        timestamptz,
  failing_since   timestamptz,
  failure         text,
  read_at         timestamptz,
  next_read_at    timestamptz,
  etag            text,
  last_modified   text
);
-- One address is read once; one that ended may be registered again.
create unique index feed_url on feed (url) where ended_at is null;
create index feed_next_read on feed (next_read_at) where next_read_at is not null;

create table notice (
  id              uuid primary key,
  version         bigint      not null,
  event_number    bigint      not null,
  published_state text        not null,
  feed_id         uuid        not null references feed,
  item            text        not null,
  identifier      text,
  title           text        not null,
  link            text,
  category        text,
  published_at    timestamptz,
  received_at     timestamptz not null,
  state           text        not null,
  advisory_id     uuid references advisory,
  decided_by      text,
  decided_at      timestamptz,
  decided_reason  text
);
create unique index notice_item on notice (feed_id, md5(item));
create index notice_identifier on notice (identifier) where identifier is not null;
create index notice_waiting on notice (received_at, id) where state = 'WAITING';

grant select, insert, update on feed, notice to "${runtime}";
