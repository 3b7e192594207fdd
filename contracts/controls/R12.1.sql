-- Assets in service, but of the kinds that need no backup (policy/backup-plans.json): an active plan, or an exception that has not ended.
select a.kind, a.id,
  b.is_planned or coalesce(b.excepted_until > :now, false) as holds,
  case
    when b.is_planned then 'planned'
    when b.excepted_until > :now then 'excepted'
    when b.excepted_until is not null then 'exception-ended'
    else 'no-plan'
  end as why,
  a.state ->> 'owner' as owner,
  case when not b.is_planned then b.excepted_until end as turns_at
from object a
cross join lateral (
  select
    coalesce(bool_or(b.kind = 'backup-plan' and b.state ->> 'state' = 'ACTIVE'), false) as is_planned,
    max(moment(b.state, 'endsAt'))
      filter (where b.kind = 'backup-exception' and b.state @> '{"stage": "APPROVED", "scope": "WITHOUT_PLAN"}') as excepted_until
  from object b
  where b.kind in ('backup-plan', 'backup-exception') and b.state @> jsonb_build_object('asset', a.id::text)
) b
where a.kind = 'asset' and a.state ->> 'state' = 'IN_SERVICE'
  and a.state ->> 'kind' not in (
    'ALARM', 'BADGE_READER', 'LAPTOP', 'LICENCE', 'PAPER_ARCHIVE', 'PHONE', 'PREMISES', 'PRINTER', 'STORAGE_MEDIUM', 'TABLET', 'TAPE',
    'WORKSTATION')
