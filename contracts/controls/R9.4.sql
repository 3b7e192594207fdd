-- Remote access past the VPN that was seen: open findings of this rule (policy/network.json). What somebody allowed past it, until the exception ends.
-- Zones of the VPN: to come in there is a right that people get. Rights on it in use, or on what is not known: of somebody known who has not left.
select f.kind, f.id,
  f.kind = 'flow' and moment(f.state, 'validUntil') is not null as holds,
  case
    when f.kind = 'network-finding' then 'past-the-vpn'
    when moment(f.state, 'validUntil') is null then 'without-end'
    else 'excepted'
  end as why,
  a.state ->> 'owner' as owner,
  moment(f.state, 'validUntil') as turns_at
from object f
left join object a on a.kind = 'asset' and a.id = ref(f.state, 'toAsset')
where f.state ->> 'rule' = 'R9.4'
  and (f.kind = 'network-finding' and not f.state ? 'closedAt'
    or f.kind = 'flow' and f.state ->> 'stage' = 'APPROVED' and coalesce(moment(f.state, 'validUntil') > :now, true))
union all
select z.kind, z.id,
  entitlement.is_there,
  case when entitlement.is_there then 'by-right' else 'no-right' end,
  null::text,
  null::timestamptz
from object z
cross join (
  select exists (select from object e where e.kind = 'entitlement' and e.state @> '{"type": "VPN", "state": "ACTIVE"}') as is_there
) entitlement
where z.kind = 'zone' and z.state ->> 'purpose' = 'VPN' and not z.state @> '{"retired": true}'
union all
select r.kind, r.id,
  coalesce(e.state ->> 'type' = 'VPN' and p.state ->> 'state' <> 'LEFT', false),
  case
    when e.state ->> 'type' is null then 'unknown'
    when p.state ->> 'state' <> 'LEFT' then 'granted'
    else 'holder-gone'
  end,
  r.state ->> 'person',
  moment(r.state, 'validUntil')
from object r
left join object e on e.kind = 'entitlement' and e.id = ref(r.state, 'entitlementId')
left join object p on p.kind = 'person' and p.id = ref(r.state, 'person')
where r.kind = 'right' and r.state ->> 'state' = 'APPROVED' and coalesce(moment(r.state, 'validUntil') > :now, true)
  and coalesce(e.state ->> 'type' = 'VPN', true)
