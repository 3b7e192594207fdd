-- What is retired and has not left, by since when it waits.
create index asset_retired on asset (retired_at, id) where state = 'RETIRED';
