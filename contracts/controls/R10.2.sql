-- Media that are here (policy/asset-kinds.json, 'medium'): a custodian who works here, and a site that is not given up. Their moves are in the
-- log in any case.
select a.kind, a.id,
  coalesce(p.state ->> 'state' = 'ACTIVE'
    and s.state ->> 'state' in ('ORDERED', 'IN_STOCK', 'IN_SERVICE', 'IN_REPAIR'), false) as holds,
  case
    when ref(a.state, 'custodian') is null then 'no-custodian'
    when p.state ->> 'state' is distinct from 'ACTIVE' then 'custodian-not-here'
    when ref(a.state, 'site') is null then 'no-site'
    when s.state ->> 'state' in ('ORDERED', 'IN_STOCK', 'IN_SERVICE', 'IN_REPAIR') then 'kept'
    else 'site-gone'
  end as why,
  a.state ->> 'owner' as owner,
  null::timestamptz as turns_at
from object a
left join object p on p.kind = 'person' and p.id = ref(a.state, 'custodian')
left join object s on s.kind = 'asset' and s.id = ref(a.state, 'site')
where a.kind = 'asset' and a.state ->> 'state' in ('IN_STOCK', 'IN_SERVICE', 'IN_REPAIR')
  and a.state ->> 'kind' in ('STORAGE_MEDIUM', 'TAPE')
