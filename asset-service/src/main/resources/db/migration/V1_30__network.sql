-- Parts of the network, each with one purpose.
create table zone (
  id              uuid primary key,
  version         bigint      not null,
  event_number    bigint      not null,
  published_state text        not null,
  name            text        not null,
  purpose         text        not null,
  site            uuid,
  ranges          text[]      not null,
  retired         boolean     not null,
  declared_at     timestamptz not null
);
create unique index zone_name on zone (lower(name)) where not retired;

-- Their addresses, to find the zone of one.
create table zone_range (
  zone_id uuid not null references zone,
  range   cidr not null primary key
);
create index zone_range_contains on zone_range using gist (range inet_ops);

create table flow (
  id              uuid primary key,
  version         bigint      not null,
  event_number    bigint      not null,
  published_state text        not null,
  from_zone       uuid        not null references zone,
  to_zone         uuid        not null references zone,
  protocol        text        not null,
  ports           text        not null,
  purpose         text        not null,
  rule            text,
  stage           text        not null,
  valid_until     timestamptz,
  requested_by    text        not null,
  decided_by      text,
  requested_at    timestamptz not null
);
create index flow_stage on flow (stage, id);
create index flow_from on flow (from_zone, id);
create index flow_to on flow (to_zone, id);
create index flow_to_decide on flow (requested_at, id) where stage = 'REQUESTED';

-- What tools have seen, once for each way.
create table observed_flow (
  from_zone  uuid        not null references zone,
  to_zone    uuid        not null references zone,
  to_asset   uuid,
  protocol   text        not null,
  port       int         not null,
  first_seen timestamptz not null,
  last_seen  timestamptz not null,
  count      bigint      not null,
  unique nulls not distinct (from_zone, to_zone, to_asset, protocol, port)
);

create table network_finding (
  id              uuid primary key,
  version         bigint      not null,
  event_number    bigint      not null,
  published_state text        not null,
  rule            text,
  from_zone       uuid        not null references zone,
  to_zone         uuid        not null references zone,
  to_asset        uuid,
  protocol        text        not null,
  port            int         not null,
  opened_at       timestamptz not null,
  closed_at       timestamptz,
  because         text,
  reason          text
);
create unique index network_finding_open
  on network_finding (from_zone, to_zone, to_asset, protocol, port) nulls not distinct where closed_at is null;
create index network_finding_opened on network_finding (opened_at, id) where closed_at is null;

alter table asset add column zone uuid references zone;
create index asset_zone on asset (zone, id) where zone is not null;
create index asset_address on asset ((cast(attributes as jsonb) ->> 'ipAddress'));

grant select, insert, update on zone, flow, network_finding, observed_flow to "${runtime}";
grant select, insert, delete on zone_range to "${runtime}";
