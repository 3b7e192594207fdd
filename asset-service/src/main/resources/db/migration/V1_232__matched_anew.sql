-- Assets whose components are to be matched again, since a migration changed what matching goes by or others can reach them now: the clock
-- comes to each. Without a reference to the asset, which would have everybody who changes one wait; assets are never deleted.
create table to_match (
  asset_id uuid primary key
);
-- Names are compared in another way (V1_230), and applications are exposed by what depends on them and what they run on.
insert into to_match
  select distinct h.asset_id
  from holding h join component c on c.id = h.component_id join asset a on a.id = h.asset_id
  where a.kind = 'APPLICATION' or c.type in ('alpm', 'apk', 'composer', 'hex', 'luarocks', 'nuget', 'oci', 'pub', 'pypi');

grant select, insert, delete on to_match to "${runtime}";
