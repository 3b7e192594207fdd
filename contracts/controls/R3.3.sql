-- Assets in service: an owner who works here. Somebody whom no event told of is nobody.
select a.kind, a.id,
  coalesce(p.state ->> 'state' = 'ACTIVE', false) as holds,
  case
    when ref(a.state, 'owner') is null then 'no-owner'
    when p.id is null then 'owner-unknown'
    when p.state ->> 'state' = 'ACTIVE' then 'owned'
    when p.state ->> 'state' = 'LEFT' then 'owner-left'
    else 'owner-not-here-yet'
  end as why,
  a.state ->> 'owner' as owner,
  null::timestamptz as turns_at
from object a
left join object p on p.kind = 'person' and p.id = ref(a.state, 'owner')
where a.kind = 'asset' and a.state ->> 'state' = 'IN_SERVICE'
