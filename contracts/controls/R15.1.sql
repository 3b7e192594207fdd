-- Re-evaluations to come, one of each rule: not overdue.
select r.kind, r.id,
  coalesce(moment(r.state, 'dueAt') > :now, false) as holds,
  case when moment(r.state, 'dueAt') > :now then 'in-time' else 'overdue' end as why,
  null::text as owner,
  moment(r.state, 'dueAt') as turns_at
from object r
where r.kind = 're-evaluation' and r.state ->> 'stage' = 'OPEN'
