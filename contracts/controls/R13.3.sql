-- Playbooks in force: exercised within their interval. Checklists with lessons that wait to be followed up: the first of these is not overdue.
-- The owner of the document that the playbook is taken from answers for both.
select p.kind, p.id,
  coalesce(moment(p.state, 'exerciseDueAt') > :now, false) as holds,
  case
    when moment(p.state, 'exerciseDueAt') > :now and p.state ? 'exercisedAt' then 'exercised'
    when moment(p.state, 'exerciseDueAt') > :now then 'in-time'
    else 'exercise-overdue'
  end as why,
  d.state ->> 'owner' as owner,
  moment(p.state, 'exerciseDueAt') as turns_at
from object p
left join object d on d.kind = 'document' and d.id = ref(p.state, 'document')
where p.kind = 'playbook' and p.state ? 'inForce'
union all
select r.kind, r.id,
  coalesce(moment(r.state, 'lessonDueAt') > :now, false),
  case
    when moment(r.state, 'lessonDueAt') > :now then 'lesson-in-time'
    when r.state ? 'lessonDueAt' then 'lesson-overdue'
    else 'lesson-date-unknown'
  end,
  d.state ->> 'owner',
  moment(r.state, 'lessonDueAt')
from object r
left join object p on p.kind = 'playbook' and p.id = ref(r.state, 'playbook')
left join object d on d.kind = 'document' and d.id = ref(p.state, 'document')
where r.kind = 'playbook-run' and number(r.state, 'lessons') > 0
