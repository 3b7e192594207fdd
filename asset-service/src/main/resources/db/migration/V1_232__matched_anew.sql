-- Assets whose components are to be matched again, since a migration changed what matching goes by: the clock comes to each.
create table to_match (
  asset_id uuid primary key references asset
);
-- Names are compared in another way (V1_230), and applications are exposed by what depends on them and what they run on.
insert into to_match
  select distinct h.asset_id
  from holding h join component c on c.id = h.component_id join asset a on a.id = h.asset_id
  where a.kind = 'APPLICATION' or c.type in ('alpm', 'apk', 'composer', 'hex', 'luarocks', 'nuget', 'oci', 'pub', 'pypi');

grant select, delete on to_match to "${runtime}";
