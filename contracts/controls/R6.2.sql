-- Whoever has a badge that opens doors: one of these alone, and they have not left. One that is lost opens nothing from the moment at which that is said.
select case when b.person is null then 'badge' else 'person' end as kind, b.id,
  b.badges = 1 and coalesce(p.state ->> 'state' in ('ANNOUNCED', 'ACTIVE'), false) as holds,
  case
    when p.id is null then 'holder-unknown'
    when p.state ->> 'state' = 'LEFT' then 'holder-left'
    when b.badges > 1 then 'several-badges'
    when p.state ->> 'state' in ('ANNOUNCED', 'ACTIVE') then 'one-badge'
    else 'holder-unknown'
  end as why,
  b.person::text as owner,
  null::timestamptz as turns_at
from (
  select coalesce(ref(b.state, 'person'), b.id) as id, ref(b.state, 'person') as person, count(*) as badges
  from object b
  where b.kind = 'badge' and b.state ->> 'state' = 'ACTIVE'
  group by 1, 2
) b
left join object p on p.kind = 'person' and p.id = b.person
