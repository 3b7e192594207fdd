-- Assets in service of the kinds that have an address (policy/asset-kinds.json): in a zone that is not retired.
select a.kind, a.id,
  coalesce(not z.state @> '{"retired": true}', false) as holds,
  case
    when ref(a.state, 'zone') is null then 'no-zone'
    when z.id is null then 'zone-unknown'
    when z.state @> '{"retired": true}' then 'zone-retired'
    else 'in-zone'
  end as why,
  a.state ->> 'owner' as owner,
  null::timestamptz as turns_at
from object a
left join object z on z.kind = 'zone' and z.id = ref(a.state, 'zone')
where a.kind = 'asset' and a.state ->> 'state' = 'IN_SERVICE'
  and a.state ->> 'kind' in (
    'BADGE_READER', 'DATABASE', 'LAPTOP', 'NETWORK_DEVICE', 'PHONE', 'PRINTER', 'SERVER', 'TABLET', 'VIRTUAL_MACHINE', 'WORKSTATION')
