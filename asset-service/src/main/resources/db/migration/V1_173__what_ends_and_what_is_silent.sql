-- For lists of warranties, licences and services that end, and of machines that no tool has seen lately.
create index asset_warranty on asset (warranty_until) where warranty_until is not null;
create index asset_ends_on on asset ((cast(attributes as jsonb) ->> 'endsOn'))
  where cast(attributes as jsonb) ->> 'endsOn' is not null;
create index inventory_seen on inventory (seen_at);
