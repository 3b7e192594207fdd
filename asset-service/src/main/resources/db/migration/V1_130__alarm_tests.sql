-- When alarms were tested; the latest test says when the next one is due.
create table alarm_test (
  id          uuid primary key,
  asset       uuid        not null references asset,
  tested_at   timestamptz not null,
  outcome     text        not null,
  tested_by   text        not null,
  note        text,
  recorded_at timestamptz not null
);
create index alarm_test_asset on alarm_test (asset, id);
grant select, insert on alarm_test to "${runtime}";

alter table asset
  add column tested_at    timestamptz,
  add column test_outcome text,
  add column test_due_at  timestamptz;
create index asset_alarm_in_service on asset (coalesce(test_due_at, registered_at), id)
  where kind = 'ALARM' and state = 'IN_SERVICE';
