-- Servers in service: no breach of the rules on open ports and on patches (policy/posture.json, 'ports-declared' and 'patched', which no news
-- breaks, too), but in its time of grace, or under an exemption that has not ended from what was found, or worse. One whose protection was
-- never told of is not known to keep them.
select a.kind, a.id,
  coalesce(p.state ? 'breaches' and (broken.rules = 0 or broken.until > :now), false) as holds,
  case
    when (p.state ? 'breaches') is not true then 'unknown'
    when broken.rules = 0 then 'hardened'
    when broken.until > :now then 'in-time'
    else 'breached'
  end as why,
  a.state ->> 'owner' as owner,
  nullif(broken.until, '-infinity') as turns_at
from object a
left join object p on p.kind = 'posture' and p.id = a.id
cross join lateral (
  select count(*) as rules, min(coalesce(greatest(moment(b.state, 'graceUntil'), e.until), '-infinity')) as until
  from unnest(array['ports-declared', 'patched']) as rule
  cross join lateral (select p.state -> 'breaches' -> rule as state) b
  cross join lateral (
    select max(moment(x.state, 'endsAt')) as until
    from object x
    where x.kind = 'posture-exemption'
      and x.state @> jsonb_build_object('asset', a.id::text, 'rule', rule, 'stage', 'APPROVED')
      and (not x.state ? 'found' or x.state ->> 'found' = coalesce(b.state ->> 'found', '')
        or x.state ->> 'found' <> '' and case rule
          when 'patched' then day(b.state, 'found') >= day(x.state, 'found')
          else string_to_array(b.state ->> 'found', ', ') <@ string_to_array(x.state ->> 'found', ', ') end)
  ) e
  where b.state is not null
) broken
where a.kind = 'asset' and a.state ->> 'state' = 'IN_SERVICE' and a.state ->> 'kind' in ('SERVER', 'VIRTUAL_MACHINE')
