-- Whoever holds a developer's profile (policy/training.json, owasp-top-ten), or another of which a course for the rule is asked: each such course
-- is taken by its day and again before its certificate ends. The profile that their record names counts from their arrival, where it is not
-- assigned to them as well. Whoever holds a profile of which nothing is known may be a developer.
select p.kind, p.id,
  not given.is_unknown and asked.courses > 0 and (asked.due_on is null or asked.due_on >= today.day) as holds,
  case
    when asked.due_on < today.day then 'overdue'
    when given.is_unknown then 'profile-unknown'
    when asked.courses = 0 then 'no-course'
    else 'up-to-date'
  end as why,
  p.id::text as owner,
  morning(asked.due_on + 1) as turns_at
from object p
cross join (select (:now at time zone 'UTC')::date as day) today
cross join lateral (
  select coalesce(bool_or(not coalesce(b.state ? 'name', false)), false) as is_unknown,
    coalesce(
      jsonb_object_agg(lower(b.state ->> 'name'), (moment(a.state, 'validFrom') at time zone 'UTC')::date::text order by a.state ->> 'validFrom' desc)
        filter (where b.state ->> 'name' is not null),
      '{}') as since
  from object a
  left join object b on b.kind = 'business-profile' and b.id = ref(a.state, 'profile')
  where a.kind = 'profile-assignment' and a.state @> jsonb_build_object('person', p.id::text, 'state', 'CURRENT')
) given
cross join lateral (
  select jsonb_build_object(coalesce(lower(p.state ->> 'businessProfile'), ''), p.state ->> 'joinedOn') || given.since as since
) held
cross join lateral (
  select count(*) as courses, min(due.due_on) as due_on
  from object c
  cross join lateral (
    select min(each.since) as since
    from (
      select day(p.state, 'joinedOn') as since where c.state @> '{"audience": {"everyone": true}}'
      union all
      select day(held.since, profile) from unnest(array(select jsonb_object_keys(held.since))) as profile
      where lower((c.state #> '{audience,profiles}')::text)::jsonb ? profile
    ) each
    having count(*) > 0
  ) first
  left join lateral (
    select a.state ->> 'course' as course, bool_or(not a.state ? 'validUntil') as forever, max(day(a.state, 'validUntil')) as valid_until
    from object a
    where a.kind = 'attendance' and not a.state ? 'annulledAt' and a.state @> jsonb_build_object('person', p.id::text)
    group by 1
  ) taken on taken.course = c.id::text
  cross join lateral (
    select case when not coalesce(taken.forever, false) then
      coalesce(
        greatest(taken.valid_until, greatest(first.since, day(c.state, 'requiredFrom')) + coalesce(number(c.state, 'firstWithinDays'), 0)),
        '-infinity')
    end as due_on
  ) due
  where c.kind = 'course' and c.state @> '{"state": "ACTIVE", "rules": ["R11.14"]}'
) asked
where p.kind = 'person' and p.state ->> 'state' = 'ACTIVE'
  and (asked.courses > 0 or held.since ? 'developer' or given.is_unknown)
