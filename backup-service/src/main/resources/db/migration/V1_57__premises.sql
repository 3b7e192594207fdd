-- What is inside premises, and what is kept there, when these move or are gone: it is judged anew.
create index coverage_site on asset_coverage (site) where site is not null;
create index plan_datacenter on backup_plan (datacenter) where datacenter is not null;
-- A copy was off site wherever its plan said: each asset is judged by what is known of its premises.
update asset_coverage set judged_by = '' where status <> 'NOT_REQUIRED';
