-- Accounts to be looked at again: of a person, or one that is nobody's. A row goes when all is done.
create table directory_change (
  id            uuid primary key default uuidv7(),
  person_id     uuid unique references person,
  account       text unique,
  mark          bigint      not null default 1,
  urgent        boolean     not null,
  since         timestamptz not null,
  attempts      int         not null default 0,
  next_at       timestamptz,
  claimed_until timestamptz,
  last_error    text,
  check ((person_id is null) <> (account is null))
);
create index directory_change_due on directory_change (urgent desc, since, id);

-- What Vigie last made of an account: the rest is somebody else's work.
create table directory_account (
  account    text primary key,
  person_id  uuid        not null references person,
  enabled    boolean     not null,
  roles      text        not null,
  groups     text        not null,
  holder     text,
  applied_at timestamptz not null
);

-- The name of an account that is being made, so that it is known again when nobody saw it made.
create table directory_intent (
  person_id uuid primary key references person,
  username  text not null unique
);

create table drift (
  id              uuid primary key,
  version         bigint      not null,
  event_number    bigint      not null,
  published_state text        not null,
  kind            text        not null,
  account         text        not null,
  person_id       uuid references person,
  what            text        not null,
  state           text        not null,
  found_at        timestamptz not null,
  ended_at        timestamptz,
  accepted_until  timestamptz,
  decided_by      text,
  reason          text
);
create unique index drift_live on drift (account, kind, what) where state in ('OPEN', 'REPAIRING', 'ACCEPTED');
create index drift_open on drift (found_at, id) where state = 'OPEN';
create index drift_person on drift (person_id, id);
create index drift_state on drift (state, id);

-- How far the directory's events are read, and which of the last ones were.
create table directory_position (
  stream text primary key,
  at     timestamptz not null
);
create table directory_seen (
  stream   text        not null,
  event_id text        not null,
  at       timestamptz not null,
  primary key (stream, event_id)
);
create index directory_seen_age on directory_seen (stream, at);

-- When somebody last signed in with an account, and to what.
create table last_sign_in (
  account text not null,
  client  text not null,
  at      timestamptz not null,
  primary key (account, client)
);

grant select, insert, update, delete on directory_change, directory_intent, directory_position, directory_seen to "${runtime}";
grant select, insert, update on directory_account, drift, last_sign_in to "${runtime}";

-- Whatever writes people, one by one or a table of them, marks them in its own transaction and cannot forget to. At its end: whoever
-- changes a right marks last, too, and so nobody waits for a mark while somebody waits for what they have.
create function directory_mark() returns trigger language plpgsql as $$
begin
  insert into directory_change (person_id, urgent, since)
    values (new.id, tg_op = 'UPDATE' and new.state is distinct from old.state, now())
    on conflict (person_id) do update
      set mark = directory_change.mark + 1, next_at = null, urgent = directory_change.urgent or excluded.urgent;
  return null;
end $$;
create constraint trigger directory_joined after insert on person
  deferrable initially deferred for each row execute function directory_mark();
create constraint trigger directory_changed after update on person
  deferrable initially deferred for each row
  when ((new.state, new.subject, lower(new.email), new.given_name, new.family_name)
    is distinct from (old.state, old.subject, lower(old.email), old.given_name, old.family_name))
  execute function directory_mark();

-- Everybody who is there already.
insert into directory_change (person_id, urgent, since) select id, false, now() from person;
