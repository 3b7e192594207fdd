-- Major incidents that are not closed: somebody leads, what has to be notified was judged, and no clock ran out unanswered.
select i.kind, i.id,
  i.state @> '{"crisisRoles": ["LEAD"]}' and coalesce(i.state -> 'regimes', '[]') <> '[]' and coalesce(c.due_at > :now, true) as holds,
  case
    when not i.state @> '{"crisisRoles": ["LEAD"]}' then 'no-lead'
    when coalesce(i.state -> 'regimes', '[]') = '[]' then 'not-classified'
    when c.due_at <= :now then 'clock-missed'
    else 'in-hand'
  end as why,
  i.state ->> 'assignee' as owner,
  c.due_at as turns_at
from object i
cross join lateral (
  select min(moment(c.state, 'dueAt')) as due_at
  from object c
  where c.kind = 'notification-clock' and c.state @> jsonb_build_object('incident', i.id::text, 'state', 'RUNNING')
) c
where i.kind = 'incident' and i.state ? 'majorSince' and not i.state ? 'mergedInto' and i.state ->> 'state' <> 'CLOSED'
