-- People who work here and have an account: the directory's comparison found nothing about how they sign in (policy/directory.json, R4.2), unless
-- somebody accepted it for a time. And what it found about the directory itself, or about accounts of nobody who works here.
select p.kind, p.id,
  d.flaw is null as holds,
  case when d.flaw is not null then d.flaw when d.accepted_until is not null then 'accepted' else 'nothing-found' end as why,
  p.id::text as owner,
  d.accepted_until as turns_at
from object p
cross join lateral (
  select min(each.flaw) filter (where not each.is_accepted) as flaw,
    min(moment(each.state, 'acceptedUntil')) filter (where each.is_accepted) as accepted_until
  from (
    select f.state,
      coalesce(f.state ->> 'state' = 'ACCEPTED' and moment(f.state, 'acceptedUntil') > :now, false) as is_accepted,
      case f.state ->> 'kind' when 'CHANGED_EMAIL' then 'address-changed' else 'no-second-factor' end as flaw
    from object f
    where f.kind = 'drift' and f.state @> jsonb_build_object('person', p.id::text)
      and coalesce(f.state ->> 'state', '') not in ('REPAIRED', 'ENDED')
      and f.state ->> 'kind' in ('CHANGED_EMAIL', 'GUESSERS_NOT_LOCKED_OUT', 'PRIVILEGED_WITHOUT_SECOND_FACTOR')
  ) each
) d
where p.kind = 'person' and p.state ->> 'state' = 'ACTIVE' and p.state ? 'subject'
union all
select f.kind, f.id,
  a.is_accepted,
  case
    when a.is_accepted then 'accepted'
    when f.state ->> 'kind' = 'GUESSERS_NOT_LOCKED_OUT' then 'guessers-not-locked-out'
    when f.state ->> 'kind' = 'CHANGED_EMAIL' then 'address-changed'
    else 'no-second-factor'
  end,
  f.state ->> 'person',
  case when a.is_accepted then moment(f.state, 'acceptedUntil') end
from object f
left join object p on p.kind = 'person' and p.id = ref(f.state, 'person') and p.state ->> 'state' = 'ACTIVE' and p.state ? 'subject'
cross join lateral (
  select coalesce(f.state ->> 'state' = 'ACCEPTED' and moment(f.state, 'acceptedUntil') > :now, false) as is_accepted
) a
where f.kind = 'drift' and p.id is null
  and coalesce(f.state ->> 'state', '') not in ('REPAIRED', 'ENDED')
  and f.state ->> 'kind' in ('CHANGED_EMAIL', 'GUESSERS_NOT_LOCKED_OUT', 'PRIVILEGED_WITHOUT_SECOND_FACTOR')
