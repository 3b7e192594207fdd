-- Alarms in service: the last test passed, and the next one is not overdue.
select a.kind, a.id,
  coalesce(a.state ->> 'testOutcome' = 'PASSED' and moment(a.state, 'testDueAt') > :now, false) as holds,
  case
    when not a.state ? 'testOutcome' then 'never-tested'
    when a.state ->> 'testOutcome' <> 'PASSED' then 'test-failed'
    when moment(a.state, 'testDueAt') > :now then 'tested'
    else 'test-overdue'
  end as why,
  a.state ->> 'owner' as owner,
  case when a.state ->> 'testOutcome' = 'PASSED' then moment(a.state, 'testDueAt') end as turns_at
from object a
where a.kind = 'asset' and a.state ->> 'kind' = 'ALARM' and a.state ->> 'state' = 'IN_SERVICE'
