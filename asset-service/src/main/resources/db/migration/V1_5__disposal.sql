-- One asset's way out, with the work on each medium in it as JSON.
create table disposal (
  id              uuid primary key,
  version         bigint      not null,
  event_number    bigint      not null,
  published_state text        not null,
  asset           uuid        not null references asset,
  stage           text        not null,
  reason          text        not null,
  media           text        not null,
  requested_by    text        not null,
  decided_by      text,
  waiting_since   timestamptz not null,
  recipient       text,
  left_on         date,
  retired_at      timestamptz not null,
  receipt         uuid
);
create unique index disposal_open on disposal (asset) where stage in ('REQUESTED', 'APPROVED', 'SANITISED', 'COMPLETED');
create index disposal_asset on disposal (asset, id);
create index disposal_waiting on disposal (stage, waiting_since, id);

-- Certificates and photographs, once each, by what they are.
create table evidence (
  sha256      text        not null,
  disposal_id uuid        not null references disposal,
  media_type  text        not null,
  content     bytea       not null,
  added_at    timestamptz not null,
  primary key (disposal_id, sha256)
);

-- What other services reported of assets that are to leave.
create table clearance (
  asset_id   uuid        not null,
  clearance  text        not null,
  retired_at timestamptz not null,
  primary key (asset_id, clearance)
);

grant select, insert, update on disposal to "${runtime}";
grant select, insert on evidence to "${runtime}";
grant select, insert, update on clearance to "${runtime}";
