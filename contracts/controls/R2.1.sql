-- Everybody who works here; each course for all that serves the rule is due some days after the later of their arrival and its coming.
select p.kind, p.id,
  asked.courses > 0 and (asked.due_on is null or asked.due_on >= today.day) as holds,
  case
    when asked.courses = 0 then 'no-course'
    when asked.due_on is null then 'trained'
    when asked.due_on < today.day then 'overdue'
    else 'in-time'
  end as why,
  p.id::text as owner,
  morning(asked.due_on + 1) as turns_at
from object p
cross join (select (:now at time zone 'UTC')::date as day) today
cross join lateral (
  select count(*) as courses, min(due.due_on) as due_on
  from object c
  cross join lateral (
    select count(*) as taken, bool_or(not a.state ? 'validUntil') as forever, max(day(a.state, 'validUntil')) as valid_until
    from object a
    where a.kind = 'attendance' and not a.state ? 'annulledAt'
      and a.state @> jsonb_build_object('person', p.id::text, 'course', c.id::text)
  ) held
  cross join lateral (
    select case when held.taken = 0 or not held.forever then
      coalesce(
        greatest(held.valid_until,
          greatest(day(p.state, 'joinedOn'), day(c.state, 'requiredFrom')) + coalesce(number(c.state, 'firstWithinDays'), 0)),
        '-infinity')
    end as due_on
  ) due
  where c.kind = 'course'
    and c.state @> '{"state": "ACTIVE", "rules": ["R2.1"], "audience": {"everyone": true}}'
) asked
where p.kind = 'person' and p.state ->> 'state' = 'ACTIVE'
