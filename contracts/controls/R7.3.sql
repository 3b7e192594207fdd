-- What leaves the house, in service: no rule of R7.3 (policy/posture.json) is broken beyond its grace, or an exemption from what was found (as of
-- R7.1); and whoever carries it, its custodian or else its owner, acknowledged each document in force that serves the rule.
select a.kind, a.id,
  coalesce(b.counts_from > :now, true) and coalesce(c.state ? 'subject', false) and d.documents > 0 and d.unread = 0 as holds,
  case
    when b.counts_from <= :now then 'breached'
    when not coalesce(c.state ? 'subject', false) then 'carrier-unknown'
    when d.documents = 0 then 'no-document'
    when d.unread > 0 then 'unread'
    when b.counts_from is null then 'kept'
    else 'tolerated'
  end as why,
  a.state ->> 'owner' as owner,
  b.counts_from as turns_at
from object a
left join object p on p.kind = 'posture' and p.id = a.id
left join object c on c.kind = 'person' and c.id = coalesce(ref(a.state, 'custodian'), ref(a.state, 'owner'))
cross join lateral (
  select min(coalesce(greatest(moment(p.state #> array['breaches', rule], 'graceUntil'), e.until), '-infinity')) as counts_from
  from unnest(array['disk-encrypted', 'mobile-sign-in']) as rule
  cross join lateral (
    select max(moment(e.state, 'endsAt')) as until
    from object e
    where e.kind = 'posture-exemption' and e.state @> jsonb_build_object('asset', a.id::text, 'rule', rule, 'stage', 'APPROVED')
      and (not e.state ? 'found' or e.state ->> 'found' = coalesce(p.state #>> array['breaches', rule, 'found'], ''))
  ) e
  where p.state -> 'breaches' ? rule
) b
cross join lateral (
  select count(*) as documents,
    count(*) filter (where not exists (
      select from object k
      where k.kind = 'acknowledgement' and k.state @> jsonb_build_object('document', d.id::text, 'account', c.state ->> 'subject')
        and number(k.state, 'number') >= number(d.state, 'acknowledgeFrom')
    )) as unread
  from object d
  where d.kind = 'document' and d.state @> '{"state": "IN_FORCE", "rules": ["R7.3"]}'
) d
where a.kind = 'asset' and a.state ->> 'state' = 'IN_SERVICE' and a.state ->> 'kind' in ('LAPTOP', 'PHONE', 'TABLET')
