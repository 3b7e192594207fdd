-- Accesses to a client's data that are approved: a clause or an instruction with its file, a known client, a known person who has not left, a
-- period, and another's decision. After the end of a client its data is touched on an instruction alone, until it is settled.
-- And people whose rights reach a client's data (policy/client-data-categories.json: reachedBy) on an asset that holds it: each has an access to
-- it. What somebody took in an emergency is judged by whoever accepts the justification.
select x.kind, x.id,
  coalesce(x.state ->> 'ground' in ('CLAUSE', 'INSTRUCTION') and x.state ? 'file'
    and moment(x.state, 'validFrom') < moment(x.state, 'validUntil')
    and x.state ->> 'decidedBy' <> x.state ->> 'requestedBy'
    and p.state ->> 'state' <> 'LEFT' and (c.state ->> 'state' = 'ACTIVE'
      or x.state ->> 'ground' = 'INSTRUCTION' and c.state ->> 'state' = 'ENDED' and c.state ->> 'settledAt' is null), false) as holds,
  case
    when (x.state ->> 'ground' in ('CLAUSE', 'INSTRUCTION') and x.state ? 'file') is not true then 'no-ground'
    when (moment(x.state, 'validFrom') < moment(x.state, 'validUntil')) is not true then 'no-period'
    when (x.state ->> 'decidedBy' <> x.state ->> 'requestedBy') is not true then 'not-by-another'
    when (p.state ->> 'state' <> 'LEFT') is not true then 'person-gone'
    when (c.state ->> 'state' = 'ACTIVE'
      or x.state ->> 'ground' = 'INSTRUCTION' and c.state ->> 'state' = 'ENDED' and c.state ->> 'settledAt' is null) is not true
      then 'client-gone'
    else 'for-a-purpose'
  end as why,
  x.state ->> 'person' as owner,
  null::timestamptz as turns_at
from object x
left join object p on p.kind = 'person' and p.id = ref(x.state, 'person')
left join object c on c.kind = 'client' and c.id = ref(x.state, 'client')
where x.kind = 'client-access' and x.state ->> 'state' = 'APPROVED'
union all
select p.kind, p.id,
  r.barred = 0 as holds,
  case when r.barred = 0 then 'reached-with-access' else 'reached-without-access' end as why,
  p.id::text as owner,
  r.until as turns_at
from object p
cross join lateral (
  select count(*) as reaches, count(*) filter (where a.lets_in is not true) as barred,
    min(least(moment(g.state, 'validUntil'), a.until)) as until
  from object g
  join object e on e.kind = 'entitlement' and e.id = ref(g.state, 'entitlementId') and e.state ->> 'type' in ('SERVER_ACCOUNT', 'DATABASE_ROLE')
  join object c on c.kind = 'client' and c.state ->> 'settledAt' is null
    and c.state @> jsonb_build_object('data', jsonb_build_array(jsonb_build_object('assets', jsonb_build_array(g.state ->> 'asset'))))
  cross join lateral (
    select bool_or(moment(x.state, 'validFrom') <= :now) as lets_in,
      min(case when moment(x.state, 'validFrom') > :now then moment(x.state, 'validFrom') else moment(x.state, 'validUntil') end) as until
    from object x
    where x.kind = 'client-access' and x.state @> jsonb_build_object('client', c.id::text, 'person', p.id::text, 'state', 'APPROVED')
      and moment(x.state, 'validUntil') > :now
  ) a
  where g.kind = 'right' and g.state @> jsonb_build_object('person', p.id::text, 'state', 'APPROVED')
    and g.state ->> 'ground' <> 'BREAK_GLASS' and coalesce(moment(g.state, 'validUntil') > :now, true)
) r
where p.kind = 'person' and r.reaches > 0
