-- Assets that are ours, or may turn out to be: each was registered, or what discovery saw was adopted. What it saw waits to be adopted or rejected.
select a.kind, a.id,
  a.state ->> 'state' <> 'DISCOVERED' as holds,
  case a.state ->> 'state' when 'DISCOVERED' then 'discovered' else 'registered' end as why,
  a.state ->> 'owner' as owner,
  null::timestamptz as turns_at
from object a
where a.kind = 'asset' and a.state ->> 'state' in ('DISCOVERED', 'IN_REPAIR', 'IN_SERVICE', 'IN_STOCK', 'LOST', 'ORDERED')
