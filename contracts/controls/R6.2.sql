-- Whoever has a badge that opens doors: one of these alone, and they have not left. One that is lost opens nothing from the moment at which that is said.
-- A badge of whom nothing is known stands for itself.
select p.kind, p.id,
  b.badges = 1 and p.state ->> 'state' <> 'LEFT' as holds,
  case when p.state ->> 'state' = 'LEFT' then 'holder-left' when b.badges = 1 then 'one-badge' else 'several-badges' end as why,
  p.id::text as owner,
  null::timestamptz as turns_at
from object p
cross join lateral (
  select count(*) as badges
  from object b
  where b.kind = 'badge' and b.state @> jsonb_build_object('person', p.id::text, 'state', 'ACTIVE')
) b
where p.kind = 'person' and p.state ? 'state' and b.badges > 0
union all
select b.kind, b.id, false, 'holder-unknown', b.state ->> 'person', null::timestamptz
from object b
left join object p on p.kind = 'person' and p.id = ref(b.state, 'person') and p.state ? 'state'
where b.kind = 'badge' and b.state ->> 'state' = 'ACTIVE' and p.id is null
