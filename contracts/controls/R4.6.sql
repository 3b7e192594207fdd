-- People who work here: none of their duties meet that a rule keeps apart, or an exception from that has not ended. What meets in anybody else's
-- hands stands for itself. That nobody decides about their own request is refused before anything is published.
select p.kind, p.id,
  coalesce(c.until > :now, true) as holds,
  case
    when c.until is null then 'apart'
    when c.until > :now then 'excepted'
    when c.is_found then 'in-one-hand'
    else 'exception-over'
  end as why,
  p.id::text as owner,
  c.until as turns_at
from object p
cross join lateral (
  select bool_or(c.state ->> 'state' = 'FOUND') as is_found,
    min(coalesce(case c.state ->> 'state' when 'EXCEPTED' then moment(c.state, 'exceptedUntil') end, '-infinity')) as until
  from object c
  where c.kind = 'duty-conflict' and c.state @> jsonb_build_object('person', p.id::text) and coalesce(c.state ->> 'state', '') <> 'RESOLVED'
) c
where p.kind = 'person' and p.state ->> 'state' = 'ACTIVE'
union all
select c.kind, c.id,
  coalesce(c.state ->> 'state' = 'EXCEPTED' and moment(c.state, 'exceptedUntil') > :now, false),
  case
    when c.state ->> 'state' = 'FOUND' then 'in-one-hand'
    when c.state ->> 'state' = 'EXCEPTED' and moment(c.state, 'exceptedUntil') > :now then 'excepted'
    else 'exception-over'
  end,
  c.state ->> 'person',
  case c.state ->> 'state' when 'EXCEPTED' then moment(c.state, 'exceptedUntil') end
from object c
left join object p on p.kind = 'person' and p.id = ref(c.state, 'person')
where c.kind = 'duty-conflict' and coalesce(c.state ->> 'state', '') <> 'RESOLVED' and coalesce(p.state ->> 'state', '') <> 'ACTIVE'
