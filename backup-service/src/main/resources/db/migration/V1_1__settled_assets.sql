-- When it was published that somebody decided about all copies of a gone asset.
alter table gone_asset add column settled_at timestamptz;
create index gone_asset_unsettled on gone_asset (gone_at) where settled_at is null;
-- What was lost and is back is not gone.
grant update, delete on gone_asset to "${runtime}";
