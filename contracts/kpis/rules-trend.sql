-- Rules that a query decides, and that something was in scope of 30 days before and then: 1 where one turned green, -1 where it is green no more, or 0.
select 'rule' as kind, c.rule as id, (t.state = 'GREEN')::int - (b.state = 'GREEN')::int as amount, t.event
from control c
cross join lateral (
  select t.state, t.event from control_turn t where t.rule = c.rule and t.at <= :now order by t.id desc limit 1
) t
cross join lateral (
  select b.state from control_turn b where b.rule = c.rule and b.at <= :now - interval '30 days' order by b.id desc limit 1
) b
where t.state <> 'NOT_APPLICABLE' and b.state <> 'NOT_APPLICABLE'
