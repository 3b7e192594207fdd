-- Flows that are declared now, and those that were seen although they are not or must not be: open findings, whichever rule of
-- policy/network.json forbids the flow, since none that is forbidden is declared. Any-to-any is refused before anything is published.
select f.kind, f.id,
  f.kind = 'flow' as holds,
  case f.kind when 'flow' then 'declared' else 'undeclared' end as why,
  a.state ->> 'owner' as owner,
  moment(f.state, 'validUntil') as turns_at
from object f
left join object a on a.kind = 'asset' and a.id = ref(f.state, 'toAsset')
where f.kind = 'flow' and f.state ->> 'stage' = 'APPROVED' and coalesce(moment(f.state, 'validUntil') > :now, not f.state ? 'validUntil')
  or f.kind = 'network-finding' and not f.state ? 'closedAt'
