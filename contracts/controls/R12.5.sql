-- Duties to test restores of assets that are backed up: the next test is not overdue.
select d.kind, d.id,
  moment(d.state, 'dueAt') > :now as holds,
  case
    when moment(d.state, 'dueAt') > :now and d.state ? 'testedAt' then 'tested'
    when moment(d.state, 'dueAt') > :now then 'in-time'
    else 'test-overdue'
  end as why,
  a.state ->> 'owner' as owner,
  moment(d.state, 'dueAt') as turns_at
from object d
left join object a on a.kind = 'asset' and a.id = d.id
where d.kind = 'restore-duty' and moment(d.state, 'dueAt') is not null
