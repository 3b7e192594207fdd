-- The premises in others are found without looking at all that is there.
create index asset_rooms on asset (site) where kind = 'PREMISES';
