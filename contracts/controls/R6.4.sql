-- People with rights in use on zones, keys and badges: each right is of a profile that gives it and that they hold, or has an end since that gives
-- it no more (policy/mover-grace.json). Visits that are approved or going on: a host who works here, somebody who approved, and an end that
-- is not past.
select p.kind, p.id,
  r.flaw is null as holds,
  coalesce(r.flaw, 'by-profile') as why,
  p.id::text as owner,
  r.until as turns_at
from object p
cross join lateral (
  select count(*) as rights, min(each.flaw) as flaw, min(each.until) as until
  from (
    select moment(r.state, 'validUntil') as until,
      case
        when coalesce(r.state ->> 'ground', '') <> 'PROFILE' then 'no-profile'
        when moment(r.state, 'validUntil') is null and not coalesce((p.id::text, b.id::text) in (
          select h.state ->> 'person', h.state ->> 'profile' from object h where h.kind = 'profile-assignment' and h.state ->> 'state' = 'CURRENT'
        ), false) then 'profile-not-held'
      end as flaw
    from object r
    join object e on e.kind = 'entitlement' and e.id = ref(r.state, 'entitlementId')
      and e.state ->> 'type' in ('PHYSICAL_ZONE', 'KEY', 'BADGE')
    left join object b on b.kind = 'business-profile' and b.id = ref(r.state, 'profile')
      and b.state @> jsonb_build_object('state', 'ACTIVE', 'entitlements', jsonb_build_array(e.id::text))
    where r.kind = 'right' and r.state @> jsonb_build_object('person', p.id::text, 'state', 'APPROVED')
      and coalesce(moment(r.state, 'validUntil') > :now, true)
  ) each
) r
where p.kind = 'person' and r.rights > 0
union all
select r.kind, r.id, false, 'right-unknown', r.state ->> 'person', moment(r.state, 'validUntil')
from object r
left join object p on p.kind = 'person' and p.id = ref(r.state, 'person')
left join object e on e.kind = 'entitlement' and e.id = ref(r.state, 'entitlementId') and e.state ? 'type'
where r.kind = 'right' and r.state ->> 'state' = 'APPROVED' and coalesce(moment(r.state, 'validUntil') > :now, true)
  and (e.id is null or p.id is null and e.state ->> 'type' in ('PHYSICAL_ZONE', 'KEY', 'BADGE'))
union all
select v.kind, v.id,
  coalesce(v.state ? 'decidedBy' and h.state ->> 'state' = 'ACTIVE' and moment(v.state, 'plannedUntil') > :now, false),
  case
    when moment(v.state, 'plannedUntil') is null then 'no-end'
    when moment(v.state, 'plannedUntil') <= :now then 'overstayed'
    when not v.state ? 'decidedBy' then 'visit-not-approved'
    when h.state ->> 'state' = 'ACTIVE' then 'hosted'
    else 'no-host'
  end,
  v.state ->> 'host',
  moment(v.state, 'plannedUntil')
from object v
left join object h on h.kind = 'person' and h.id = ref(v.state, 'host')
where v.kind = 'visit'
  and (v.state ->> 'state' = 'PRESENT' or v.state ->> 'state' = 'APPROVED' and coalesce(moment(v.state, 'plannedUntil') > :now, true))
