-- Accesses to a client's data that are approved: a clause or an instruction with its file, a known client, a known person who has not left, a
-- period, and another's decision. After the end of a client its data is touched on an instruction alone, until it is settled.
select x.kind, x.id,
  coalesce(x.state ->> 'ground' in ('CLAUSE', 'INSTRUCTION') and x.state ? 'file'
    and moment(x.state, 'validFrom') < moment(x.state, 'validUntil')
    and x.state ->> 'decidedBy' <> x.state ->> 'requestedBy'
    and p.state ->> 'state' <> 'LEFT' and (c.state ->> 'state' = 'ACTIVE'
      or x.state ->> 'ground' = 'INSTRUCTION' and c.state ->> 'state' = 'ENDED' and c.state ->> 'settledAt' is null), false) as holds,
  case
    when (x.state ->> 'ground' in ('CLAUSE', 'INSTRUCTION') and x.state ? 'file') is not true then 'no-ground'
    when (moment(x.state, 'validFrom') < moment(x.state, 'validUntil')) is not true then 'no-period'
    when (x.state ->> 'decidedBy' <> x.state ->> 'requestedBy') is not true then 'not-by-another'
    when (p.state ->> 'state' <> 'LEFT') is not true then 'person-gone'
    when (c.state ->> 'state' = 'ACTIVE'
      or x.state ->> 'ground' = 'INSTRUCTION' and c.state ->> 'state' = 'ENDED' and c.state ->> 'settledAt' is null) is not true
      then 'client-gone'
    else 'for-a-purpose'
  end as why,
  x.state ->> 'person' as owner,
  null::timestamptz as turns_at
from object x
left join object p on p.kind = 'person' and p.id = ref(x.state, 'person')
left join object c on c.kind = 'client' and c.id = ref(x.state, 'client')
where x.kind = 'client-access' and x.state ->> 'state' = 'APPROVED'
