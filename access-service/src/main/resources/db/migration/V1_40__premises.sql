-- Areas of the premises. A right on one names it as its asset.
create table physical_zone (
  id              uuid primary key,
  version         bigint      not null,
  event_number    bigint      not null,
  published_state text        not null,
  name            text        not null,
  site            uuid        not null,
  sensitivity     text        not null,
  purposes        text[]      not null,
  doors           text[]      not null,
  closed          boolean     not null,
  defined_at      timestamptz not null
);
create unique index physical_zone_name on physical_zone (site, lower(name)) where not closed;

-- Which zone a door leads into: one.
create table physical_zone_door (
  door    text primary key,
  zone_id uuid not null references physical_zone
);

create table badge (
  id              uuid primary key,
  version         bigint      not null,
  event_number    bigint      not null,
  published_state text        not null,
  number          text        not null,
  person_id       uuid        not null references person,
  state           text        not null,
  issued_by       text        not null,
  issued_at       timestamptz not null,
  replaces        uuid references badge,
  ended_by        text,
  ended_at        timestamptz,
  ended_reason    text,
  changed_at      timestamptz not null
);
-- A number is one badge's for ever, and a person has one badge that opens doors (R6.2).
create unique index badge_number on badge (lower(number));
create unique index badge_active on badge (person_id) where state = 'ACTIVE';
create index badge_person on badge (person_id, id);
create index badge_to_recover on badge (ended_at, id) where state = 'REVOKED';

create table physical_key (
  id              uuid primary key,
  version         bigint      not null,
  event_number    bigint      not null,
  published_state text        not null,
  code            text        not null,
  copy            int         not null,
  zones           uuid[]      not null,
  state           text        not null,
  holder          uuid references person,
  changed_by      text        not null,
  changed_at      timestamptz not null
);
create unique index physical_key_copy on physical_key (lower(code), copy);
create index physical_key_holder on physical_key (holder, id) where holder is not null;
create index physical_key_zones on physical_key using gin (zones);

create table visit (
  id                uuid primary key,
  version           bigint      not null,
  event_number      bigint      not null,
  published_state   text        not null,
  visitor_kind      text        not null,
  visitor           text        not null,
  company           text,
  host              uuid        not null references person,
  zones             uuid[]      not null,
  purpose           text        not null,
  planned_from      timestamptz not null,
  planned_until     timestamptz not null,
  state             text        not null,
  planned_by        text        not null,
  planned_at        timestamptz not null,
  decided_by        text,
  decided_at        timestamptz,
  reason            text,
  badge             text,
  arrived_at        timestamptz,
  left_at           timestamptz,
  overstayed_at     timestamptz
);
create index visit_host on visit (host, id);
create index visit_state on visit (state, id);
create index visit_to_decide on visit (planned_at, id) where state = 'PLANNED';
create index visit_open on visit (planned_until) where state in ('PLANNED', 'APPROVED', 'PRESENT');
create index visit_badge on visit (lower(badge), arrived_at) where badge is not null;
-- Of those who are there no two wear the same badge.
create unique index visit_badge_worn on visit (lower(badge)) where state = 'PRESENT';

-- What the doors told. It is their record; what is wrong with it is an event.
create table passage (
  id        uuid primary key,
  source    text        not null,
  sequence  bigint      not null,
  number    text        not null,
  door      text        not null,
  zone_id   uuid        not null references physical_zone,
  direction text        not null,
  passed_at timestamptz not null,
  granted   boolean     not null,
  badge_id  uuid references badge,
  visit_id  uuid references visit,
  person_id uuid references person,
  misuse    text,
  taken_at  timestamptz not null
);
create unique index passage_told_once on passage (source, sequence);
create index passage_zone on passage (zone_id, id);
create index passage_person on passage (person_id, id);
create index passage_misuse on passage (id) where misuse is not null;

create table inspection (
  id              uuid primary key,
  version         bigint      not null,
  event_number    bigint      not null,
  published_state text        not null,
  zone_id         uuid        not null references physical_zone,
  inspected_on    date        not null,
  findings        int         not null,
  recorded_by     text        not null,
  recorded_at     timestamptz not null
);
create index inspection_zone on inspection (zone_id, id);

create table inspection_finding (
  id              uuid primary key,
  version         bigint      not null,
  event_number    bigint      not null,
  published_state text        not null,
  inspection_id   uuid        not null references inspection,
  zone_id         uuid        not null references physical_zone,
  category        text        not null,
  description     text        not null,
  assignee        uuid        not null references person,
  due_on          date        not null,
  raised_at       timestamptz not null,
  resolved_by     text,
  resolved_at     timestamptz,
  resolution      text
);
create index inspection_finding_open on inspection_finding (raised_at, id) where resolved_at is null;
create index inspection_finding_inspection on inspection_finding (inspection_id, id);

grant select, insert, update on physical_zone, badge, physical_key, visit, inspection, inspection_finding to "${runtime}";
grant select, insert, delete on physical_zone_door to "${runtime}";
grant select, insert on passage to "${runtime}";
