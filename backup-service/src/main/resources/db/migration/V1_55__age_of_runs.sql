-- When the newest good run of an asset will be too old (R11.8), for the clock. Each asset is judged by the new rules first.
alter table asset_coverage add column good_until timestamptz;
create index coverage_good_until on asset_coverage (good_until) where good_until is not null;
