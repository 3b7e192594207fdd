-- Whose rights are to be worked out again. Rows are only added and taken away, never changed: a mark that is made while an earlier
-- one is worked is another one.
alter table rights_due drop constraint rights_due_pkey;
alter table rights_due add column id bigint generated always as identity primary key;
create index rights_due_person on rights_due (person_id);

-- What profiles give to whom now. Nobody gets into a zone that is closed.
create or replace view profile_right as
select distinct a.person_id, a.profile_id, e.id as entitlement_id, e.asset_id, e.name as entitlement
from profile_assignment a
join person p on p.id = a.person_id and p.state = 'ACTIVE'
join business_profile b on b.id = a.profile_id and b.state = 'ACTIVE'
cross join lateral unnest(b.entitlements) as given(id)
join entitlement e on e.id = given.id and e.state = 'ACTIVE'
where a.state = 'CURRENT'
  and not exists (select from retired_asset o where o.asset_id = e.asset_id)
  and not exists (select from physical_zone z where z.id = e.asset_id and z.closed);
