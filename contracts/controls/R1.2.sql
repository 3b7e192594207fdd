-- Clients whose data is here: a contract that binds, the data named, and the hours within which they are told of a breach; after their end, nothing
-- of it is here past the day for that. Whom to tell is not published: access-service takes no client, and keeps none whose data is here, without it.
select c.kind, c.id,
  case
    when c.state ->> 'state' = 'ENDED' then coalesce(due.at > :now, false)
    else f.has_contract and f.has_data and f.has_delay and (due.at > :now or not f.ends)
  end as holds,
  case
    when c.state ->> 'state' = 'ENDED' and due.at > :now then 'to-settle'
    when c.state ->> 'state' = 'ENDED' then 'settling-overdue'
    when not f.has_contract then 'no-contract'
    when f.ends and due.at <= :now then 'contract-over'
    when not f.has_data then 'no-data'
    when not f.has_delay then 'no-delay'
    else 'on-record'
  end as why,
  null::text as owner,
  due.at as turns_at
from object c
cross join lateral (
  select morning(case c.state ->> 'state' when 'ENDED' then day(c.state, 'dueOn') else day(c.state -> 'contract', 'endsOn') end + 1) as at
) due
cross join lateral (
  select coalesce(c.state -> 'contract' ? 'endsOn', false) as ends,
    day(c.state -> 'contract', 'startsOn') is not null and c.state #>> '{contract,file}' is not null
      and (due.at is not null or not c.state -> 'contract' ? 'endsOn') as has_contract,
    coalesce(jsonb_typeof(c.state -> 'data') = 'array', false) as has_data,
    coalesce(number(c.state, 'notificationDelayHours') > 0, false) as has_delay
) f
where c.kind = 'client' and not c.state ? 'settledAt'
