-- How far the detection rules have read the log. Moved in the transaction that keeps what they made of it; who reads holds its lock.
create table detection (
  one      boolean primary key default true check (one),
  position bigint  not null default 0
);
insert into detection default values;

-- What a rule has counted of one group, and when it fired last.
create table detection_window (
  rule       text        not null,
  grp        text        not null,
  state      text        not null,
  touched_at timestamptz not null,
  primary key (rule, grp)
);
create index detection_window_age on detection_window (touched_at);

-- The states that a rule asks for and that hold now, such as open incidents.
create table detection_state (
  rule  text not null,
  key   text not null,
  about text not null,
  since text not null,
  primary key (rule, key)
);
create index detection_state_about on detection_state (rule, about);

-- The alerts, as they were published, for whoever asks for them here. over_at: what the log's own watch found has ended.
create table raised (
  id        uuid        primary key,
  rule      text        not null,
  severity  text        not null,
  title     text        not null,
  grp       text        not null,
  count     bigint      not null,
  first_at  timestamptz not null,
  last_at   timestamptz not null,
  entries   text        not null,
  detail    text,
  raised_at timestamptz not null,
  over_at   timestamptz
);
create index raised_rule on raised (rule, id);

-- What the log's own watch finds wrong now, and the alerts raised for it (ids, separated by commas).
create table alarm (
  type   text not null,
  about  text not null,
  alerts text not null,
  primary key (type, about)
);

-- Which of its event numbers each object's entries have, and since when one is missing. Counted in the detection's transaction.
create table object_number (
  source        text           not null collate "C",
  subject       text           not null collate "C",
  numbers       int8multirange not null,
  missing_since timestamptz,
  primary key (source, subject)
);
create index object_number_missing on object_number (missing_since) where missing_since is not null;

-- What verifications of the whole log found.
create table verification (
  id           uuid        primary key,
  intact       boolean     not null,
  size         bigint      not null,
  root         text        not null,
  signed_size  bigint,
  bad_index    bigint,
  reason       text,
  milliseconds bigint      not null,
  finished_at  timestamptz not null
);
create index verification_time on verification (finished_at);

grant select, update on detection to "${runtime}";
grant select, insert, update, delete on detection_window, detection_state, alarm to "${runtime}";
grant select, insert, update (over_at) on raised to "${runtime}";
grant select, insert, update on object_number to "${runtime}";
grant select, insert on verification to "${runtime}";
