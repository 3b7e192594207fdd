-- Zones of hosted solutions: nothing joins them to an internal one, neither a declared flow nor one that was seen (policy/network.json forbids it,
-- both ways). A zone of which nothing is known may be internal. A retired zone counts while something joins it. Who owns a zone's site answers for it.
select z.kind, z.id,
  not w.is_seen and not w.is_declared and not w.is_unknown as holds,
  case
    when w.is_seen then 'seen'
    when w.is_declared then 'declared'
    when w.is_unknown then 'zone-unknown'
    else 'apart'
  end as why,
  a.state ->> 'owner' as owner,
  case when not w.is_seen then w.until end as turns_at
from object z
left join object a on a.kind = 'asset' and a.id = ref(z.state, 'site')
cross join lateral (
  select
    coalesce(bool_or(f.kind = 'network-finding' and (f.state ->> 'rule' = 'R9.3' or o.state ->> 'purpose' = 'INTERNAL')), false) as is_seen,
    coalesce(bool_or(f.kind = 'flow' and o.state ->> 'purpose' = 'INTERNAL'), false) as is_declared,
    coalesce(bool_or(o.state ->> 'purpose' is null), false) as is_unknown,
    min(moment(f.state, 'validUntil')) as until
  from object f
  left join object o on o.kind = 'zone'
    and o.id = case ref(f.state, 'fromZone') when z.id then ref(f.state, 'toZone') else ref(f.state, 'fromZone') end
  where (f.state @> jsonb_build_object('fromZone', z.id::text) or f.state @> jsonb_build_object('toZone', z.id::text))
    and (f.kind = 'network-finding' and not f.state ? 'closedAt'
      or f.kind = 'flow' and f.state ->> 'stage' = 'APPROVED' and coalesce(moment(f.state, 'validUntil') > :now, true))
    and coalesce(o.state ->> 'purpose', 'INTERNAL') = 'INTERNAL'
) w
where z.kind = 'zone' and z.state ->> 'purpose' = 'HOSTING'
  and (not z.state @> '{"retired": true}' or w.is_seen or w.is_declared or w.is_unknown)
