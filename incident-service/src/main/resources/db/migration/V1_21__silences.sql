-- Until when mail of which alerts is held back, and why. What somebody wrote stands here alone.
create table silence (
  id              uuid primary key,
  version         bigint      not null,
  event_number    bigint      not null,
  published_state text        not null,
  matchers        text        not null,
  reason          text        not null,
  created_by      text        not null,
  created_at      timestamptz not null,
  ends_at         timestamptz not null,
  state           text        not null,
  ended_at        timestamptz,
  ending          text,
  ended_by        text,
  check (ends_at > created_at),
  check ((state = 'ENDED') = (ended_at is not null)),
  check ((state = 'ENDED') = (ending is not null))
);
create index silence_active on silence (ends_at, id) where state = 'ACTIVE';
create index silence_state on silence (state, id);

alter table alert add foreign key (held_by) references silence;
create index alert_held on alert (held_by) where held_by is not null;

grant select, insert, update on silence to "${runtime}";
