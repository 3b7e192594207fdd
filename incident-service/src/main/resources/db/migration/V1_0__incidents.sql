create table security_event (
  id               uuid primary key,
  version          bigint      not null,
  event_number     bigint      not null,
  published_state  text        not null,
  title            text        not null,
  description      text        not null,
  reporter         text        not null,
  asset            uuid,
  category         text,
  occurred_at      timestamptz not null,
  reported_at      timestamptz not null,
  state            text        not null,
  decided_at       timestamptz,
  dismissal_reason text,
  incident         uuid unique,
  check ((state = 'REPORTED') = (decided_at is null)),
  check ((state = 'DISMISSED') = (dismissal_reason is not null)),
  check ((state = 'PROMOTED') = (incident is not null))
);
create index security_event_state on security_event (state, reported_at, id);
create index security_event_reporter on security_event (reporter, id);
create index security_event_asset on security_event (asset, id) where asset is not null;

create table incident (
  id              uuid primary key,
  version         bigint      not null,
  event_number    bigint      not null,
  published_state text        not null,
  title           text        not null,
  security_event  uuid        not null unique references security_event,
  asset           uuid,
  category        text        not null,
  severity        int         not null check (severity between 1 and 4),
  tlp             text        not null,
  assignee        text,
  state           text        not null,
  reached_at      timestamptz not null,
  occurred_at     timestamptz not null,
  detected_at     timestamptz not null,
  aware_at        timestamptz not null,
  contained_at    timestamptz,
  recovered_at    timestamptz,
  closed_at       timestamptz
);
create index incident_state on incident (state, id);
create index incident_assignee on incident (assignee, reached_at, id);
create index incident_asset on incident (asset, id) where asset is not null;

-- A promotion writes both ends of the link in one transaction, the security event's first.
alter table security_event
  add foreign key (incident) references incident deferrable initially deferred;

-- Evidence of the work: added to, never changed, which is why no update or delete is granted.
create table incident_step (
  id          uuid primary key,
  incident    uuid        not null references incident,
  state       text        not null,
  reached_at  timestamptz not null,
  recorded_at timestamptz not null,
  recorded_by text        not null,
  note        text        not null,
  unique (incident, state)
);

grant select, insert, update on security_event, incident to "${runtime}";
grant select, insert on incident_step to "${runtime}";
