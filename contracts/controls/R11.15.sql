-- Applications in service: a bill of materials. And flaws that are known to be exploited and not dealt with: not past the day by which they
-- must be (policy/remediation-delays.json), or accepted for a time that is not over.
select a.kind, a.id,
  b.id is not null as holds,
  case when b.id is null then 'no-bill' else 'bill-known' end as why,
  a.state ->> 'owner' as owner,
  null::timestamptz as turns_at
from object a
left join object b on b.kind = 'bom' and b.id = a.id
where a.kind = 'asset' and a.state ->> 'state' = 'IN_SERVICE' and a.state ->> 'kind' = 'APPLICATION'
union all
select v.kind, v.id,
  coalesce(greatest(moment(v.state, 'dueAt'), accepted.until) > :now, false),
  case
    when moment(v.state, 'dueAt') > :now then 'in-time'
    when accepted.until > :now then 'accepted'
    else 'overdue'
  end,
  a.state ->> 'owner',
  greatest(moment(v.state, 'dueAt'), accepted.until)
from object v
cross join lateral (select case v.state ->> 'acceptance' when 'APPROVED' then moment(v.state, 'acceptedUntil') end as until) accepted
left join object a on a.kind = 'asset' and a.id = ref(v.state, 'asset')
where v.kind = 'vulnerability' and v.state @> '{"exploited": true}'
  and v.state ->> 'state' in ('TO_ASSESS', 'UNDER_INVESTIGATION', 'AFFECTED')
