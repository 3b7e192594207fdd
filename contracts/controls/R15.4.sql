-- Audits: the one that began last did so within a year (the control's interval), and the first due date of findings that are neither verified nor
-- accepted is ahead, in whichever audit. Where none began yet, each that is planned fails for that. One that was cancelled was not held; its
-- findings stay.
select a.kind, a.id,
  coalesce(last.begun_at is not null and (due.until > :now or due.until is null) and (due.unsettled = 0 or due.next_at > :now), false) as holds,
  case
    when last.begun_at is null then 'none-held'
    when due.unsettled > 0 and due.next_at is null then 'unknown'
    when due.unsettled > 0 and due.next_at <= :now then 'finding-overdue'
    when due.until <= :now then 'audit-overdue'
    when due.unsettled > 0 then 'findings-in-time'
    else 'held'
  end as why,
  null::text as owner,
  least(case when due.until > :now then due.until end, case when due.next_at > :now then due.next_at end) as turns_at
from object a
cross join lateral (
  select max(moment(b.state, 'begunAt')) as begun_at from object b
  where b.kind = 'control-audit' and coalesce(b.state ->> 'state', '') <> 'CANCELLED'
) last
cross join lateral (
  select coalesce(number(a.state, 'unsettled'), 1) as unsettled, moment(a.state, 'nextDueAt') as next_at,
    coalesce(a.state ->> 'state', '') = 'CANCELLED' as is_cancelled,
    case when moment(a.state, 'begunAt') = last.begun_at and coalesce(a.state ->> 'state', '') <> 'CANCELLED' then
      (last.begun_at at time zone 'UTC' + interval '1 year') at time zone 'UTC'
    end as until
) due
where a.kind = 'control-audit'
  and (due.unsettled > 0 or not due.is_cancelled and (due.until is not null or last.begun_at is null))
