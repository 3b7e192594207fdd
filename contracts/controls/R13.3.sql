-- Playbooks in force: exercised within their interval. Checklists with lessons that wait to be followed up: the first of these is not overdue.
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
union all
select r.kind, r.id,
  coalesce(moment(r.state, 'lessonDueAt') > :now, false),
  case
    when moment(r.state, 'lessonDueAt') > :now then 'lesson-in-time'
    when r.state ? 'lessonDueAt' then 'lesson-overdue'
    else 'lesson-date-unknown'
  end,
  null::text,
  moment(r.state, 'lessonDueAt')
from object r
where r.kind = 'playbook-run' and number(r.state, 'lessons') > 0
