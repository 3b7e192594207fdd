-- Findings of scans that are there: not past the day by which they must be mended, or accepted for a time that is not over.
select f.kind, f.id,
  coalesce(case f.state ->> 'state' when 'OPEN' then moment(f.state, 'dueAt') else moment(f.state, 'acceptedUntil') end > :now, false) as holds,
  case
    when f.state ->> 'state' = 'OPEN' and moment(f.state, 'dueAt') > :now then 'in-time'
    when f.state ->> 'state' = 'OPEN' then 'overdue'
    when moment(f.state, 'acceptedUntil') > :now then 'accepted'
    else 'acceptance-ended'
  end as why,
  a.state ->> 'owner' as owner,
  case f.state ->> 'state' when 'OPEN' then moment(f.state, 'dueAt') else moment(f.state, 'acceptedUntil') end as turns_at
from object f
left join object a on a.kind = 'asset' and a.id = ref(f.state, 'asset')
where f.kind = 'scan-finding' and f.state ->> 'state' in ('OPEN', 'ACCEPTED')
