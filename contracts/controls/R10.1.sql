-- What one signs in to, in service: no rule on signing in (policy/posture.json: those of R10.1, and of R7.1 and R7.3 the ones that ask for a
-- sign-in) is broken beyond its grace, or an exemption from what was found, and for none is nothing known. asset-service tells what is not known when
-- it judges an asset first and when that changes; an asset of which it never told is not known to keep them.
select a.kind, a.id,
  coalesce(k.is_known and coalesce(b.counts_from > :now, true), false) as holds,
  case
    when b.counts_from <= :now then 'breached'
    when k.is_known is not true then 'unknown'
    when b.counts_from is null then 'kept'
    else 'tolerated'
  end as why,
  a.state ->> 'owner' as owner,
  nullif(b.counts_from, '-infinity') as turns_at
from object a
left join object p on p.kind = 'posture' and p.id = a.id
cross join lateral (select array['authentication-declared', 'mobile-sign-in', 'sign-in-required', 'terminal-sign-in'] as names) r
cross join lateral (
  select jsonb_typeof(p.state -> 'breaches') = 'object' and jsonb_typeof(p.state -> 'unknown') = 'array'
    and not p.state -> 'unknown' ?| r.names as is_known
) k
cross join lateral (
  select min(coalesce(greatest(moment(p.state #> array['breaches', rule], 'graceUntil'), e.until), '-infinity')) as counts_from
  from unnest(r.names) as rule
  cross join lateral (
    select max(moment(e.state, 'endsAt')) as until
    from object e
    where e.kind = 'posture-exemption' and e.state @> jsonb_build_object('asset', a.id::text, 'rule', rule, 'stage', 'APPROVED')
      and (not e.state ? 'found' or e.state ->> 'found' = coalesce(p.state #>> array['breaches', rule, 'found'], ''))
  ) e
  where p.state -> 'breaches' ? rule
) b
where a.kind = 'asset' and a.state ->> 'state' = 'IN_SERVICE'
  and a.state ->> 'kind' in ('APPLICATION', 'DATABASE', 'LAPTOP', 'PHONE', 'SERVER', 'TABLET', 'VIRTUAL_MACHINE', 'WORKSTATION')
