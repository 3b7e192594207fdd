-- Applications in service: a bill of materials. And flaws that are known to be exploited and not dealt with: not past the day by which they
-- must be (policy/remediation-delays.json), or accepted for a time that is not over. asset-service tells from when on each is overdue: what was
-- accepted holds while somebody asks for longer.
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
  coalesce(moment(v.state, 'overdueAt') > :now, false),
  case
    when coalesce(moment(v.state, 'overdueAt') <= :now, true) then 'overdue'
    when moment(v.state, 'dueAt') > :now then 'in-time'
    else 'accepted'
  end,
  a.state ->> 'owner',
  case when moment(v.state, 'dueAt') > :now then least(moment(v.state, 'dueAt'), moment(v.state, 'overdueAt')) else moment(v.state, 'overdueAt') end
from object v
left join object a on a.kind = 'asset' and a.id = ref(v.state, 'asset')
where v.kind = 'vulnerability' and v.state @> '{"exploited": true}'
  and v.state ->> 'state' in ('TO_ASSESS', 'UNDER_INVESTIGATION', 'AFFECTED')
