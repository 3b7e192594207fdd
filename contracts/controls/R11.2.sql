-- Web properties in service: each of their monitors of TLS graded what it watches within 24 hours, with a grade that is enough
-- (policy/tls-grades.json), and plain HTTP redirects, which is not looked at where `web` is false. incident-service tells of a grade twice a day at least, where one is given.
select a.kind, a.id,
  coalesce(m.is_good and m.redirects and m.until > :now, false) as holds,
  case
    when m.monitors = 0 then 'not-watched'
    when m.until <= :now then 'not-graded'
    when not m.redirects then 'no-redirect'
    when not m.is_good then 'grade-too-low'
    else 'graded'
  end as why,
  a.state ->> 'owner' as owner,
  nullif(m.until, '-infinity') as turns_at
from object a
cross join lateral (
  select count(*) as monitors,
    min(coalesce(moment(m.state, 'gradedAt') + interval '24 hours', '-infinity')) as until,
    bool_and(coalesce(m.state ->> 'grade' in ('A', 'B'), false)) as is_good,
    bool_and(coalesce(not m.state -> 'findings' ? 'NO_REDIRECT', false)
      and m.state #>> '{target,web}' is distinct from 'false') as redirects
  from object m
  where m.kind = 'monitor' and m.state @> jsonb_build_object('asset', a.id::text, 'type', 'TLS', 'state', 'ACTIVE')
) m
where a.kind = 'asset' and a.state ->> 'state' = 'IN_SERVICE' and a.state ->> 'kind' = 'WEB_PROPERTY'
