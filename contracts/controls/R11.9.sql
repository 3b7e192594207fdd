-- Feeds that have not ended: read within 25 hours (vigie.feed.late-after of asset-service), or registered since. asset-service tells twice a day at
-- least that it read one; each advisory is held against the software in use as it comes in, which nothing tells of where nothing is found.
select f.kind, f.id,
  coalesce(due.at > :now, false) as holds,
  case
    when due.at > :now and f.state ? 'readAt' then 'on-time'
    when due.at > :now then 'in-time'
    else 'late'
  end as why,
  null::text as owner,
  due.at as turns_at
from object f
cross join lateral (
  select moment(f.state, case when f.state ? 'readAt' then 'readAt' else 'registeredAt' end) + interval '25 hours' as at
) due
where f.kind = 'feed' and not f.state ? 'endedAt'
