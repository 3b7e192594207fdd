-- Rules that a query decides, and that something was in scope of: how they stood, as their turns tell.
select 'rule' as kind, c.rule as id, (t.state = 'GREEN')::int as amount, 1 as whole, t.event
from control c
cross join lateral (
  select t.state, t.event from control_turn t where t.rule = c.rule and t.at <= :now order by t.id desc limit 1
) t
where t.state <> 'NOT_APPLICABLE'
