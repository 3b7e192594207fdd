-- Assets out of use, as asset-service told, and when it was published that nobody has a right on them.
create table retired_asset (
  asset_id    uuid primary key,
  retired_at  timestamptz not null,
  reported_at timestamptz
);
create index retired_asset_unreported on retired_asset (retired_at) where reported_at is null;
grant select, insert, update, delete on retired_asset to "${runtime}";
