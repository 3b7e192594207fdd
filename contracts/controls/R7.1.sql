-- Workstations and mobile devices in service: no rule of R7.1 (policy/posture.json) is broken beyond its grace, or an exemption from what was
-- found. asset-service judges each as soon as it is in service, and tells of each breach: where nothing is known, too, if the rule asks for a fact.
select a.kind, a.id,
  coalesce(b.counts_from > :now, true) as holds,
  case when b.counts_from is null then 'kept' when b.counts_from > :now then 'tolerated' else 'breached' end as why,
  a.state ->> 'owner' as owner,
  b.counts_from as turns_at
from object a
left join object p on p.kind = 'posture' and p.id = a.id
cross join lateral (
  select min(coalesce(greatest(moment(p.state #> array['breaches', rule], 'graceUntil'), e.until), '-infinity')) as counts_from
  from unnest(array['screen-locks', 'screen-locks-soon', 'sign-in-required']) as rule
  cross join lateral (
    select max(moment(e.state, 'endsAt')) as until
    from object e
    where e.kind = 'posture-exemption' and e.state @> jsonb_build_object('asset', a.id::text, 'rule', rule, 'stage', 'APPROVED')
      and (not e.state ? 'found' or e.state ->> 'found' = coalesce(p.state #>> array['breaches', rule, 'found'], '')
        or rule = 'screen-locks-soon' and number(p.state #> array['breaches', rule], 'found') <= number(e.state, 'found'))
  ) e
  where p.state -> 'breaches' ? rule
) b
where a.kind = 'asset' and a.state ->> 'state' = 'IN_SERVICE'
  and a.state ->> 'kind' in ('LAPTOP', 'PHONE', 'TABLET', 'WORKSTATION')
