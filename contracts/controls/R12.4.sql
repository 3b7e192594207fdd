-- Accesses to backups that were opened: by a role that may have them; for a known incident, or by another's approval of the reason; with a
-- start and an end, at which it is void whether anybody told so or not. backup-service opens none for an incident that is over, and lets
-- nobody touch a copy without one.
select x.kind, x.id,
  coalesce(x.state ->> 'role' in ('SYSADMIN', 'CISO') and moment(x.state, 'openedAt') < moment(x.state, 'endsAt')
    and (i.id is not null or ref(x.state, 'incident') is null and x.state ->> 'approvedBy' <> x.state ->> 'holder'), false) as holds,
  case
    when (x.state ->> 'role' in ('SYSADMIN', 'CISO')) is not true then 'role-not-allowed'
    when (moment(x.state, 'openedAt') < moment(x.state, 'endsAt')) is not true then 'no-period'
    when i.id is not null then 'for-an-incident'
    when ref(x.state, 'incident') is not null then 'incident-unknown'
    when x.state ->> 'approvedBy' <> x.state ->> 'holder' then 'approved'
    else 'no-reason'
  end as why,
  x.state ->> 'holder' as owner,
  null::timestamptz as turns_at
from object x
left join object i on i.kind = 'incident' and i.id = ref(x.state, 'incident')
where x.kind = 'backup-access' and (x.state ->> 'state' = 'OPEN' or x.state ? 'openedAt')
