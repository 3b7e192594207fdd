-- Alerts that are not over, but those of monitors (R11.7): which of them are about hardware no source says. Mail to the administrators is due when one
-- fires, when the mail before says (`until`), when a silence or quiet hours end that held it back, and, once somebody looks after it, at the longer
-- pace. What is due has gone out within as long again, as it is given up then: at the paces of policy/alerting.json. One mail may tell of several, or of
-- all of one source and rule (`groupBy` there).
select a.kind, a.id,
  coalesce(due.late_at > :now, false) as holds,
  case
    when held.until > :now then 'held'
    when due.late_at > :now and mail.until is not null then 'mailed'
    when due.late_at > :now then 'in-time'
    else 'not-mailed'
  end as why,
  o.state ->> 'owner' as owner,
  case when held.until > :now then held.until else due.late_at end as turns_at
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
  and not coalesce(starts_with(a.state ->> 'causeSubject', 'monitor/'), false)
