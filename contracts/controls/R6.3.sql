-- Rights in use on zones, keys and badges, or on what is not known: approved, or kept by a review less than six months ago
-- (policy/reviews.json, certifiedWithin). Keys that are out: in the hands of somebody known who has not left. A lost one may be in anybody's hands until
-- it opens nothing any more.
select r.kind, r.id,
  coalesce(c.until > :now, false) as holds,
  case when c.until > :now then 'confirmed' when c.until is null then 'unknown' else 'overdue' end as why,
  r.state ->> 'person' as owner,
  least(case when c.until > :now then c.until end, moment(r.state, 'validUntil')) as turns_at
from object r
left join object e on e.kind = 'entitlement' and e.id = ref(r.state, 'entitlementId')
cross join lateral (
  select (greatest(moment(r.state, 'decidedAt'), max(moment(v.state, 'certifiedAt'))) at time zone 'UTC' + interval '6 months')
    at time zone 'UTC' as until
  from object v
  where v.kind = 'review' and v.state @> jsonb_build_object('right', r.id::text)
) c
where r.kind = 'right' and r.state ->> 'state' = 'APPROVED' and coalesce(moment(r.state, 'validUntil') > :now, true)
  and coalesce(e.state ->> 'type' in ('PHYSICAL_ZONE', 'KEY', 'BADGE'), true)
union all
select k.kind, k.id,
  k.state ->> 'state' = 'HANDED_OUT' and coalesce(p.state ->> 'state' <> 'LEFT', false),
  case
    when k.state ->> 'state' = 'LOST' then 'key-lost'
    when p.state ->> 'state' <> 'LEFT' then 'key-in-hand'
    else 'holder-gone'
  end,
  k.state ->> 'holder',
  null::timestamptz
from object k
left join object p on p.kind = 'person' and p.id = ref(k.state, 'holder')
where k.kind = 'key' and k.state ->> 'state' in ('HANDED_OUT', 'LOST')
