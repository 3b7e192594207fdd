-- Rights in use, accounts of programs, and accesses to clients' data: approved, registered, or kept by a review less than six months ago
-- (policy/reviews.json, certifiedWithin). What a review takes away ends with the answer, and no campaign closes before it is gone.
select o.kind, o.id,
  coalesce(c.until > :now, false) as holds,
  case when c.until > :now then 'confirmed' when c.until is null then 'unknown' else 'overdue' end as why,
  coalesce(o.state ->> 'person', o.state ->> 'responsible') as owner,
  least(case when c.until > :now then c.until end, moment(o.state, 'validUntil')) as turns_at
from object o
cross join lateral (
  select (greatest(moment(o.state, 'decidedAt'), moment(o.state, 'registeredAt'), max(moment(v.state, 'certifiedAt')))
    at time zone 'UTC' + interval '6 months') at time zone 'UTC' as until
  from object v
  where v.kind = 'review' and v.state @> jsonb_build_object(
    case o.kind when 'right' then 'right' when 'service-account' then 'serviceAccount' else 'clientAccess' end, o.id::text)
) c
where o.kind in ('right', 'service-account', 'client-access') and o.state ->> 'state' in ('APPROVED', 'ACTIVE')
  and coalesce(moment(o.state, 'validUntil') > :now, true)
