-- Feeds that have not ended: read on time, as R11.9 counts it, and one of them at least brings news of the standards that we follow; where none does, each
-- fails for that. Notices that nobody took up or dismissed: for a year at most (the control's interval), as the policy sets no shorter time.
select f.kind, f.id,
  coalesce(due.at > :now and standards.are_followed, false) as holds,
  case
    when coalesce(due.at <= :now, true) then 'late'
    when standards.are_followed then 'on-time'
    else 'no-standards'
  end as why,
  null::text as owner,
  due.at as turns_at
from object f
cross join (
  select exists (select from object s where s.kind = 'feed' and s.state ->> 'topic' = 'STANDARDS' and not s.state ? 'endedAt') as are_followed
) standards
cross join lateral (
  select moment(f.state, case when f.state ? 'readAt' then 'readAt' else 'registeredAt' end) + interval '25 hours' as at
) due
where f.kind = 'feed' and not f.state ? 'endedAt'
union all
select w.kind, w.id,
  coalesce(due.at > :now, false),
  case when due.at > :now then 'waiting' else 'left-lying' end,
  null::text,
  due.at
from object w
cross join lateral (
  select (moment(w.state, 'receivedAt') at time zone 'UTC' + interval '1 year') at time zone 'UTC' as at
) due
where w.kind = 'notice' and w.state ->> 'state' = 'WAITING'
