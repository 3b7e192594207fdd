-- People: whoever is to start has started, and whoever is to leave has left, by the day after; who left has no profile, no right, and asks for none.
-- And what the directory was found to have otherwise (policy/directory.json, R4.1), unless it is accepted for a time; of who left nothing is.
select p.kind, p.id,
  f.flaw is null as holds,
  coalesce(f.flaw, 'in-time') as why,
  p.state ->> 'manager' as owner,
  morning(due.late_on) as turns_at
from object p
cross join (select (:now at time zone 'UTC')::date as day) today
cross join lateral (
  select case p.state ->> 'state'
    when 'ANNOUNCED' then day(p.state, 'joinedOn') + 1
    when 'ACTIVE' then day(p.state, 'leavesOn') + 2
  end as late_on
) due
cross join lateral (
  select case p.state ->> 'state'
    when 'ANNOUNCED' then case when coalesce(due.late_on <= today.day, true) then 'not-started' end
    when 'ACTIVE' then
      case when p.state ? 'leavesOn' and coalesce(due.late_on <= today.day, true) then 'not-left' end
    when 'LEFT' then
      case when exists (
        select from object h
        where h.kind in ('right', 'profile-assignment') and h.state @> jsonb_build_object('person', p.id::text)
          and h.state ->> 'state' in ('REQUESTED', 'APPROVED', 'SUSPENDED', 'PLANNED', 'CURRENT')
      ) then 'not-over' end
  end as flaw
) f
where p.kind = 'person' and p.state ? 'state' and (p.state ->> 'state' <> 'LEFT' or f.flaw is not null)
union all
select d.kind, d.id,
  a.is_accepted,
  case
    when a.is_accepted then 'accepted'
    when d.state ->> 'kind' in ('LEAVER_ENABLED', 'LEAVER_WITH_SESSION') then 'leaver-let-in'
    else 'account-away'
  end,
  d.state ->> 'person',
  case when a.is_accepted then moment(d.state, 'acceptedUntil') end
from object d
cross join lateral (
  select coalesce(d.state ->> 'state' = 'ACCEPTED' and moment(d.state, 'acceptedUntil') > :now
    and d.state ->> 'kind' not in ('LEAVER_ENABLED', 'LEAVER_WITH_SESSION'), false) as is_accepted
) a
where d.kind = 'drift' and coalesce(d.state ->> 'state', '') not in ('REPAIRED', 'ENDED')
  and d.state ->> 'kind' in ('DISABLED_BY_HAND', 'LEAVER_ENABLED', 'LEAVER_WITH_SESSION', 'MISSING_ACCOUNT')
