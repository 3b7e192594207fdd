-- Databases in service: each of their ports that must be closed was found closed when it was tried last, within two days: a monitor may wait for
-- one, and incident-service tells twice a day that it tried. And ways from the internet to a database that were seen: none is ever declared, as
-- policy/network.json forbids it.
select a.kind, a.id,
  coalesce(m.is_closed and m.until > :now, false) as holds,
  case
    when m.monitors = 0 then 'not-watched'
    when not m.is_closed then 'reachable'
    when m.until > :now then 'closed'
    else 'not-tried'
  end as why,
  a.state ->> 'owner' as owner,
  case when m.is_closed then nullif(m.until, '-infinity') end as turns_at
from object a
cross join lateral (
  select count(*) as monitors,
    bool_and(not m.state ? 'failingSince') as is_closed,
    min(coalesce(moment(m.state, 'probedAt') + interval '2 days', '-infinity')) as until
  from object m
  where m.kind = 'monitor' and m.state @> jsonb_build_object('asset', a.id::text, 'type', 'EXPOSURE', 'state', 'ACTIVE')
) m
where a.kind = 'asset' and a.state ->> 'state' = 'IN_SERVICE' and a.state ->> 'kind' = 'DATABASE'
union all
select f.kind, f.id,
  false,
  'seen',
  a.state ->> 'owner',
  null::timestamptz
from object f
left join object a on a.kind = 'asset' and a.id = ref(f.state, 'toAsset')
where f.kind = 'network-finding' and f.state ->> 'rule' = 'R11.5' and not f.state ? 'closedAt'
