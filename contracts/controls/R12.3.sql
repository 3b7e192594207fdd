-- Assets in service, but of the kinds that need no backup: a copy in another datacenter than the asset, and one on a dedicated server, as
-- the table asks (policy/backup-plans.json), or an exception that has not ended. backup-service holds copies against the table; OFF_SITE and
-- DEDICATED are among the shortfalls that it tells of.
select a.kind, a.id,
  coalesce(
    case c.state ->> 'status'
      when 'EXCEPTED' then excepted.until > :now
      when 'COVERED' then true
      when 'FALLS_SHORT' then not c.state -> 'shortfalls' ?| array['OFF_SITE', 'DEDICATED']
    end, false) as holds,
  case
    when c.state ->> 'status' = 'EXCEPTED' and excepted.until > :now then 'excepted'
    when c.state ->> 'status' = 'EXCEPTED' then 'exception-ended'
    when c.state ->> 'status' = 'UNCOVERED' then 'no-plan'
    when c.state ->> 'status' = 'COVERED' then 'elsewhere'
    when c.state ->> 'status' = 'FALLS_SHORT' and c.state -> 'shortfalls' ? 'OFF_SITE' then 'not-elsewhere'
    when c.state ->> 'status' = 'FALLS_SHORT' and c.state -> 'shortfalls' ? 'DEDICATED' then 'not-dedicated'
    when c.state ->> 'status' = 'FALLS_SHORT' and c.state ? 'shortfalls' then 'elsewhere'
    else 'unknown'
  end as why,
  a.state ->> 'owner' as owner,
  case c.state ->> 'status' when 'EXCEPTED' then excepted.until end as turns_at
from object a
left join object c on c.kind = 'asset-coverage' and c.id = a.id
cross join lateral (
  select max(moment(b.state, 'endsAt')) as until
  from object b
  where b.kind = 'backup-exception' and b.state @> jsonb_build_object('asset', a.id::text, 'stage', 'APPROVED')
) excepted
where a.kind = 'asset' and a.state ->> 'state' = 'IN_SERVICE'
  and a.state ->> 'kind' not in (
    'ALARM', 'BADGE_READER', 'LAPTOP', 'LICENCE', 'PAPER_ARCHIVE', 'PHONE', 'PREMISES', 'PRINTER', 'STORAGE_MEDIUM', 'TABLET', 'TAPE',
    'WORKSTATION')
