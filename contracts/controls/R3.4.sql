-- Assets that are out of use: inside the procedure until they left, and once without data, by one whose media were sanitised and verified.
select a.kind, a.id,
  case a.state ->> 'state' when 'RETIRED' then d.is_open else d.is_done end as holds,
  case
    when a.state ->> 'state' = 'RETIRED' and d.is_open then 'in-procedure'
    when a.state ->> 'state' = 'RETIRED' then 'no-procedure'
    when d.is_done then 'sanitised'
    else 'no-evidence'
  end as why,
  a.state ->> 'owner' as owner,
  null::timestamptz as turns_at
from object a
cross join lateral (
  select
    coalesce(bool_or(d.state ->> 'stage' in ('REQUESTED', 'APPROVED', 'SANITISED')), false) as is_open,
    coalesce(bool_or(d.state ->> 'stage' in ('SANITISED', 'COMPLETED')), false) as is_done
  from object d
  where d.kind = 'disposal' and d.state @> jsonb_build_object('asset', a.id::text)
) d
where a.kind = 'asset' and a.state ->> 'state' in ('RETIRED', 'SANITISED', 'DISPOSED')
