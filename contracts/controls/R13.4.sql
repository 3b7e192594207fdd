-- What people reported (the rest follows from events): when it happened and when it was reported. Of what nobody reports nothing is known, and
-- the policy sets no limit to the time between. Who works on the incident that a report became answers for it.
select e.kind, e.id,
  coalesce(moment(e.state, 'occurredAt') <= moment(e.state, 'reportedAt'), false) as holds,
  case
    when moment(e.state, 'occurredAt') <= moment(e.state, 'reportedAt') then 'measured'
    else 'not-measured'
  end as why,
  i.state ->> 'assignee' as owner,
  null::timestamptz as turns_at
from object e
left join object i on i.kind = 'incident' and i.id = ref(e.state, 'incident')
where e.kind = 'security-event' and not e.state ? 'causeEvent'
