-- That no copy of an asset is deleted; the id is that of the compromise.
create table backup_hold (
  id                uuid primary key,
  version           bigint      not null,
  event_number      bigint      not null,
  published_state   text        not null,
  asset             uuid        not null,
  incident          uuid        not null,
  compromised_since timestamptz not null,
  run               uuid references backup_run,
  placed_at         timestamptz not null,
  lifted_at         timestamptz
);
create index backup_hold_asset on backup_hold (asset, id);
create index backup_hold_incident on backup_hold (incident, id);
grant select, insert, update on backup_hold to "${runtime}";
