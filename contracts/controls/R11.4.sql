-- The last verification of the log as it is stored: it found all intact, and is less than 30 hours old, as one comes each night (vigie.log.verify-at of
-- audit-service) and takes its time. And alerts about the log that are not over (policy/reactions.json, R11.4): an event that is missing, a service that
-- has fallen silent, a log that was changed.
select v.kind, v.id,
  coalesce(v.state ->> 'intact' = 'true' and due.at > :now, false) as holds,
  case
    when v.state ->> 'intact' is distinct from 'true' then 'not-intact'
    when due.at > :now then 'verified'
    else 'verification-late'
  end as why,
  null::text as owner,
  due.at as turns_at
from object v
cross join (
  select max(moment(l.state, 'verifiedAt')) as verified_at from object l where l.kind = 'verification'
) last
cross join lateral (select last.verified_at + interval '30 hours' as at) due
where v.kind = 'verification' and moment(v.state, 'verifiedAt') = last.verified_at
union all
select a.kind, a.id,
  false,
  case a.state ->> 'rule' when 'log-gap' then 'events-missing' when 'log-silence' then 'service-silent' else 'not-intact' end,
  null::text,
  null::timestamptz
from object a
where a.kind = 'monitoring-alert' and a.state ->> 'state' <> 'RESOLVED'
  and a.state ->> 'source' = 'vigie' and a.state ->> 'rule' in ('log-gap', 'log-not-intact', 'log-silence')
