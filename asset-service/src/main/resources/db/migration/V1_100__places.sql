-- What is in service without a zone, and what is here with nobody or nowhere, by since when it waits.
create index asset_unzoned on asset (kind, registered_at, id) where state = 'IN_SERVICE' and zone is null;
create index asset_unguarded on asset (kind, registered_at, id)
  where (state = 'IN_STOCK' or state = 'IN_SERVICE' or state = 'IN_REPAIR') and (custodian is null or site is null);
