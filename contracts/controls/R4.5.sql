-- People with rights in use: each right is of a profile that gives it and that they hold, or has an end since that gives it no more
-- (policy/mover-grace.json); or it was asked for, approved, and has an end. Of several flaws the first by name counts. A right of whom nothing is
-- known stands for itself, and so does what the directory gives and nobody approved, unless that is accepted for a time.
select p.kind, p.id,
  r.flaw is null as holds,
  coalesce(r.flaw, 'granted') as why,
  p.id::text as owner,
  r.until as turns_at
from object p
cross join lateral (
  select count(*) as rights, min(each.flaw) as flaw, min(each.until) as until
  from (
    select moment(r.state, 'validUntil') as until,
      case r.state ->> 'ground'
        when 'PROFILE' then
          case when moment(r.state, 'validUntil') is null and not coalesce((p.id::text, b.id::text) in (
            select h.state ->> 'person', h.state ->> 'profile' from object h where h.kind = 'profile-assignment' and h.state ->> 'state' = 'CURRENT'
          ), false) then 'profile-not-held' end
        when 'REQUEST' then
          case
            when coalesce(r.state ->> 'decidedBy' = r.state ->> 'requestedBy', true) then 'not-approved'
            when moment(r.state, 'validUntil') is null then 'without-end'
          end
        else 'not-approved'
      end as flaw
    from object r
    left join object b on b.kind = 'business-profile' and b.id = ref(r.state, 'profile')
      and b.state @> jsonb_build_object('state', 'ACTIVE', 'entitlements', jsonb_build_array(r.state ->> 'entitlementId'))
    where r.kind = 'right' and r.state @> jsonb_build_object('person', p.id::text, 'state', 'APPROVED')
      and coalesce(moment(r.state, 'validUntil') > :now, true)
  ) each
) r
where p.kind = 'person' and r.rights > 0
union all
select r.kind, r.id, false, 'holder-unknown', r.state ->> 'person', moment(r.state, 'validUntil')
from object r
left join object p on p.kind = 'person' and p.id = ref(r.state, 'person')
where r.kind = 'right' and r.state ->> 'state' = 'APPROVED' and coalesce(moment(r.state, 'validUntil') > :now, true) and p.id is null
union all
select d.kind, d.id,
  coalesce(d.state ->> 'state' = 'ACCEPTED' and moment(d.state, 'acceptedUntil') > :now, false),
  case when d.state ->> 'state' = 'ACCEPTED' and moment(d.state, 'acceptedUntil') > :now then 'accepted' else 'unapproved' end,
  d.state ->> 'person',
  case d.state ->> 'state' when 'ACCEPTED' then moment(d.state, 'acceptedUntil') end
from object d
where d.kind = 'drift' and d.state ->> 'kind' in ('UNAPPROVED_ROLE', 'UNAPPROVED_GROUP')
  and coalesce(d.state ->> 'state', '') not in ('REPAIRED', 'ENDED')
