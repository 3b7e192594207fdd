-- Playbooks in force: exercised within their interval.
select p.kind, p.id,
  coalesce(moment(p.state, 'exerciseDueAt') > :now, false) as holds,
  case
    when moment(p.state, 'exerciseDueAt') > :now and p.state ? 'exercisedAt' then 'exercised'
    when moment(p.state, 'exerciseDueAt') > :now then 'in-time'
    else 'exercise-overdue'
  end as why,
  null::text as owner,
  moment(p.state, 'exerciseDueAt') as turns_at
from object p
where p.kind = 'playbook' and p.state ? 'inForce'
