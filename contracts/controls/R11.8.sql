-- Production in service, but of the kinds that need no backup: a run that succeeded, was started less than 30 hours ago ('age' of 'production' in
-- policy/backup-plans.json: a day, and six hours for the next run to come to its end) and whose copy is not known to be unusable, deleted by two
-- people or proven to be gone, and a copy on tape in another datacenter, as that table asks, or an exception that has not ended.
select a.kind, a.id,
  coalesce(
    case c.state ->> 'status'
      when 'EXCEPTED' then excepted.until > :now
      when 'COVERED' then run.good_until > :now
      when 'FALLS_SHORT' then not c.state -> 'shortfalls' ? 'TAPE_OFF_SITE' and run.good_until > :now
    end, false) as holds,
  case
    when c.state ->> 'status' = 'EXCEPTED' and excepted.until > :now then 'excepted'
    when c.state ->> 'status' = 'EXCEPTED' then 'exception-ended'
    when c.state ->> 'status' = 'UNCOVERED' then 'no-plan'
    when c.state ->> 'status' = 'FALLS_SHORT' and c.state -> 'shortfalls' ? 'TAPE_OFF_SITE' then 'no-tape'
    when c.state ->> 'status' is distinct from 'COVERED'
      and not (c.state ->> 'status' = 'FALLS_SHORT' and c.state ? 'shortfalls') is true then 'unknown'
    when run.good_until > :now then 'backed-up'
    else 'no-run'
  end as why,
  a.state ->> 'owner' as owner,
  case when c.state ->> 'status' = 'EXCEPTED' then excepted.until else run.good_until end as turns_at
from object a
left join object c on c.kind = 'asset-coverage' and c.id = a.id
cross join lateral (
  select max(moment(r.state, 'startedAt')) + interval '30 hours' as good_until
  from object r
  where r.kind = 'backup-run' and r.state @> jsonb_build_object('asset', a.id::text, 'outcome', 'SUCCEEDED')
    and not r.state @> '{"recoveryPoint": "UNUSABLE"}'
    and r.id::text <> all (array(
      select d.state ->> 'run' from object d
      where d.kind = 'backup-deletion' and d.state @> jsonb_build_object('asset', a.id::text, 'state', 'COMPLETED')))
    and moment(r.state, 'startedAt') >= coalesce((
      select max(moment(p.state, 'provenAt')) from object p
      where p.kind = 'retention-decision' and p.state @> jsonb_build_object('asset', a.id::text)), '-infinity')
) run
cross join lateral (
  select max(moment(b.state, 'endsAt')) as until
  from object b
  where b.kind = 'backup-exception' and b.state @> jsonb_build_object('asset', a.id::text, 'stage', 'APPROVED')
) excepted
where a.kind = 'asset' and a.state @> '{"state": "IN_SERVICE", "production": true}'
  and a.state ->> 'kind' not in (
    'ALARM', 'BADGE_READER', 'LAPTOP', 'LICENCE', 'PAPER_ARCHIVE', 'PHONE', 'PREMISES', 'PRINTER', 'STORAGE_MEDIUM', 'TABLET', 'TAPE',
    'WORKSTATION')
