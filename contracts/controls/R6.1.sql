-- Alarms in service: the last test passed, and the next one is not overdue. Sites in service: one of these stands there.
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
union all
select s.kind, s.id,
  s.has_alarm,
  case when s.has_alarm then 'has-alarm' else 'no-alarm' end,
  s.state ->> 'owner',
  null::timestamptz
from (
  select p.*, exists (
    select from object a
    where a.kind = 'asset' and a.state @> jsonb_build_object('kind', 'ALARM', 'state', 'IN_SERVICE', 'site', p.id::text)
  ) as has_alarm
  from object p
) s
where s.kind = 'asset' and s.state ->> 'kind' = 'PREMISES' and s.state ->> 'state' = 'IN_SERVICE'
