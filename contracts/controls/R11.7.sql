-- Applications and web properties in production: a page or port of each was tried within a day, as incident-service tells twice a day that it tried.
-- Alerts of monitors that are not over: mail went out at the paces of policy/alerting.json, as R11.6 counts it.
select w.kind, w.id,
  coalesce(m.until > :now, false) as holds,
  case when m.until > :now then 'watched' when m.monitors > 0 then 'not-tried' else 'not-watched' end as why,
  w.state ->> 'owner' as owner,
  m.until as turns_at
from object w
cross join lateral (
  select count(*) as monitors, max(moment(m.state, 'probedAt')) + interval '1 day' as until
  from object m
  where m.kind = 'monitor' and m.state @> jsonb_build_object('asset', w.id::text, 'state', 'ACTIVE') and m.state ->> 'type' in ('HTTP', 'TCP')
) m
where w.kind = 'asset' and w.state @> '{"state": "IN_SERVICE", "production": true}' and w.state ->> 'kind' in ('APPLICATION', 'WEB_PROPERTY')
union all
select a.kind, a.id,
  coalesce(due.late_at > :now, false),
  case
    when held.until > :now then 'held'
    when due.late_at > :now and mail.until is not null then 'mailed'
    when due.late_at > :now then 'in-time'
    else 'not-mailed'
  end,
  o.state ->> 'owner',
  case when held.until > :now then held.until else due.late_at end
from object a
left join object o on o.kind = 'asset' and o.id = ref(a.state, 'asset')
left join object s on s.kind = 'silence' and s.id = ref(a.state, 'mailHeldBy')
cross join lateral (
  select case
    when not a.state ? 'mailHeldBy' or s.state ->> 'state' = 'ACTIVE' then moment(a.state, 'mailHeldUntil')
    else moment(s.state, 'endedAt')
  end as until
) held
cross join lateral (
  select max(moment(n.state, 'until')) as until
  from object n
  where n.kind = 'notification' and n.state ->> 'state' = 'SENT' and n.state ->> 'channel' = 'MAIL'
    and (n.state @> jsonb_build_object('alerts', jsonb_build_array(a.id::text)) and moment(n.state, 'requestedAt') >= moment(a.state, 'firedAt')
      or n.state @> jsonb_build_object('alertGroup', (a.state ->> 'source') || ' ' || (a.state ->> 'rule')))
) mail
cross join lateral (
  select case (a.state ->> 'state') || ' ' || (a.state ->> 'severity')
    when 'FIRING CRITICAL' then interval '15 minutes'
    when 'FIRING WARNING' then interval '1 hour'
    when 'FIRING INFO' then interval '24 hours'
    when 'ACKNOWLEDGED CRITICAL' then interval '4 hours'
    when 'ACKNOWLEDGED WARNING' then interval '24 hours'
    when 'ACKNOWLEDGED INFO' then interval '72 hours'
  end as pace
) policy
cross join lateral (
  select policy.pace + greatest(moment(a.state, 'firedAt'), moment(a.state, 'acknowledgedAt') + policy.pace, held.until, mail.until) as late_at
) due
where a.kind = 'monitoring-alert' and a.state ->> 'state' <> 'RESOLVED'
  and starts_with(a.state ->> 'causeSubject', 'monitor/')
