-- Assets in service: their own four levels, each from 1 to 4; what they inherit does not stand for them.
select a.kind, a.id,
  levels.known = 4 as holds,
  case levels.known when 4 then 'classified' when 0 then 'unclassified' else 'level-missing' end as why,
  a.state ->> 'owner' as owner,
  null::timestamptz as turns_at
from object a
cross join lateral (
  select count(*) filter (where number(a.state -> 'classification', axis) between 1 and 4) as known
  from unnest(array['availability', 'integrity', 'confidentiality', 'proof']) as axis
) levels
where a.kind = 'asset' and a.state ->> 'state' = 'IN_SERVICE'
