-- Whom an asset could not work without, whoever it was bought from.
alter table asset add column depends_on_suppliers uuid[] not null default '{}';
create index asset_depends_on_suppliers on asset using gin (depends_on_suppliers);
