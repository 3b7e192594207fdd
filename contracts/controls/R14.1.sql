-- Monitors that try: while one fails there is an alert about it that is not over, a quarter of an hour after it began to at the latest (the pace of critical
-- alerts in policy/alerting.json, as which it is raised). Alerts that are not over, whatever told them: since when it was so, and when that was told.
select m.kind, m.id,
  not m.state ? 'failingSince' or alert.is_open or coalesce(due.late_at > :now, false) as holds,
  case
    when not m.state ? 'failingSince' then 'not-failing'
    when alert.is_open then 'alerted'
    when due.late_at > :now then 'in-time'
    else 'not-alerted'
  end as why,
  o.state ->> 'owner' as owner,
  case when not alert.is_open then due.late_at end as turns_at
from object m
left join object o on o.kind = 'asset' and o.id = ref(m.state, 'asset')
cross join lateral (
  select exists (
    select from object a
    where a.kind = 'monitoring-alert' and a.state @> jsonb_build_object('causeSubject', 'monitor/' || m.id) and a.state ->> 'state' <> 'RESOLVED'
  ) as is_open
) alert
cross join lateral (select moment(m.state, 'failingSince') + interval '15 minutes' as late_at) due
where m.kind = 'monitor' and m.state ->> 'state' = 'ACTIVE'
union all
select a.kind, a.id,
  d.is_measured,
  case when d.is_measured then 'measured' else 'not-measured' end,
  o.state ->> 'owner',
  null::timestamptz
from object a
left join object o on o.kind = 'asset' and o.id = ref(a.state, 'asset')
cross join lateral (select coalesce(moment(a.state, 'startedAt') <= moment(a.state, 'receivedAt'), false) as is_measured) d
where a.kind = 'monitoring-alert' and a.state ->> 'state' <> 'RESOLVED'
