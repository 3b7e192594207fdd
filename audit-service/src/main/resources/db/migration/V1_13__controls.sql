-- The services' objects, as far as the queries of controls read them: what their events come to, and made anew from the log when a query
-- reads more of them, or another log succeeds. event: the last one that changed what is kept here.
create table object (
  kind       text        not null collate "C",
  id         uuid        not null,
  service    text        not null collate "C",
  state      jsonb       not null,
  number     bigint      not null,
  event      uuid        not null,
  changed_at timestamptz not null,
  primary key (kind, id)
);
create index object_state on object using gin (state jsonb_path_ops);

-- How far controls have read the log, and which members of which kinds they kept. Who reads holds its lock.
create table control_reading (
  one       boolean primary key default true check (one),
  position  bigint  not null default 0,
  reads     text    not null default ''
);
insert into control_reading default values;

-- The state of each rule, by the query that judged it (its digest).
create table control (
  rule     text        primary key collate "C",
  digest   text        not null,
  state    text        not null,
  in_scope bigint      not null,
  failing  bigint      not null,
  since    timestamptz not null
);

-- The verdict on each object that is in scope of a rule. turns_at: when it may be another although nothing happens.
create table verdict (
  rule     text        not null collate "C",
  kind     text        not null collate "C",
  id       uuid        not null,
  holds    boolean     not null,
  why      text        not null,
  owner    text,
  since    timestamptz not null,
  event    uuid,
  turns_at timestamptz,
  primary key (rule, id)
);
create index verdict_failing on verdict (rule, id) where not holds;
create index verdict_turning on verdict (turns_at) where turns_at is not null;

-- When a rule turned, and when an object did; holds is null where the object left the scope. cause: EVENT, with the one that made it turn;
-- TIME; QUERY, when all were judged by another query, or from a log read anew.
create table control_turn (
  id       bigint      generated always as identity primary key,
  rule     text        not null collate "C",
  state    text        not null,
  in_scope bigint      not null,
  failing  bigint      not null,
  at       timestamptz not null,
  cause    text        not null,
  event    uuid
);
create index control_turn_rule on control_turn (rule, id);
create table verdict_turn (
  id       bigint      generated always as identity primary key,
  rule     text        not null collate "C",
  kind     text        not null collate "C",
  object   uuid        not null,
  holds    boolean,
  why      text,
  at       timestamptz not null,
  cause    text        not null,
  event    uuid
);
create index verdict_turn_object on verdict_turn (rule, object, id);

-- What queries read states with: null where the member is not there, or is not what it should be, so that no event can stop a query.
-- In plpgsql, because the planner may try a cast that stands in a branch not taken.
create function ref(state jsonb, member text) returns uuid language plpgsql immutable as $$
begin
  if pg_input_is_valid(state ->> member, 'uuid') then return (state ->> member)::uuid; end if;
  return null;
end
$$;
create function moment(state jsonb, member text) returns timestamptz language plpgsql stable as $$
begin
  if pg_input_is_valid(state ->> member, 'timestamptz') then return (state ->> member)::timestamptz; end if;
  return null;
end
$$;
create function day(state jsonb, member text) returns date language plpgsql stable as $$
begin
  if pg_input_is_valid(state ->> member, 'date') then return (state ->> member)::date; end if;
  return null;
end
$$;
create function number(state jsonb, member text) returns int language plpgsql immutable as $$
begin
  if pg_input_is_valid(state ->> member, 'int') then return (state ->> member)::int; end if;
  return null;
end
$$;
-- The beginning of a day, in UTC.
create function morning(of date) returns timestamptz language sql immutable
  return of::timestamp at time zone 'UTC';

grant select, insert, update, delete on object, control, verdict to "${runtime}";
grant select, update on control_reading to "${runtime}";
grant select, insert on control_turn, verdict_turn to "${runtime}";
