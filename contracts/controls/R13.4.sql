-- What people reported (the rest follows from events): when it happened and when it was reported. Of what nobody reports nothing is known, and
-- the policy sets no limit to the time between.
select e.kind, e.id,
  coalesce(moment(e.state, 'occurredAt') <= moment(e.state, 'reportedAt'), false) as holds,
  case
    when moment(e.state, 'occurredAt') <= moment(e.state, 'reportedAt') then 'measured'
    else 'not-measured'
  end as why,
  null::text as owner,
  null::timestamptz as turns_at
from object e
where e.kind = 'security-event' and not e.state ? 'causeEvent'
