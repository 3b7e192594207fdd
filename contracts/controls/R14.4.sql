-- Critical functions that are not retired: a plan in force that sets how long an outage and how much loss are bearable; none of their plans in
-- force is due to be exercised, and none of its last exercise measured more than it sets. A first exercise counts when it is due.
select f.kind, f.id,
  coalesce(plans.in_force > 0 and not plans.missed and plans.due_at > :now, false) as holds,
  case
    when plans.in_force = 0 then 'no-plan'
    when plans.missed then 'objectives-missed'
    when plans.due_at > :now and plans.exercised then 'exercised'
    when plans.due_at > :now then 'in-time'
    else 'exercise-overdue'
  end as why,
  f.state ->> 'owner' as owner,
  nullif(plans.due_at, '-infinity') as turns_at
from object f
cross join lateral (
  select count(*) as in_force,
    min(coalesce(moment(p.state, 'exerciseDueAt'), '-infinity')) as due_at,
    bool_and(p.state ? 'exercisedAt') as exercised,
    bool_or(p.state ? 'exercisedAt' and not coalesce(
      number(p.state, 'rtoMeasuredSeconds') <= number(p.state, 'rtoSeconds')
        and number(p.state, 'rpoMeasuredSeconds') <= number(p.state, 'rpoSeconds'), false)) as missed
  from object p
  where p.kind = 'continuity-plan' and p.state @> jsonb_build_object('criticalFunction', f.id::text)
    and p.state ? 'inForce' and not p.state ? 'endedAt'
    and number(p.state, 'rtoSeconds') is not null and number(p.state, 'rpoSeconds') is not null
) plans
where f.kind = 'critical-function' and not f.state ? 'retiredAt'
