-- The playbook of outages: approved, and somebody is on call. Where there is none, whoever is on call, or will be, has none to go by. A shift that was
-- withdrawn does not take place. The owner of the document that a playbook is taken from answers for it, and who has a shift for the shift.
select p.kind, p.id,
  p.state ? 'inForce' and rota.is_on_call as holds,
  case
    when not p.state ? 'inForce' then 'not-approved'
    when rota.is_on_call then 'ready'
    else 'nobody-on-call'
  end as why,
  d.state ->> 'owner' as owner,
  rota.next_change as turns_at
from object p
left join object d on d.kind = 'document' and d.id = ref(p.state, 'document')
cross join (
  select coalesce(bool_or(moment(s.state, 'from') <= :now and moment(s.state, 'until') > :now), false) as is_on_call,
    min(case
      when moment(s.state, 'from') > :now then moment(s.state, 'from')
      when moment(s.state, 'until') > :now then moment(s.state, 'until')
    end) as next_change
  from object s
  where s.kind = 'rota' and not s.state ? 'withdrawnAt'
) rota
where p.kind = 'playbook' and p.state ->> 'category' = 'AVAILABILITY'
union all
select s.kind, s.id,
  false,
  'no-playbook',
  s.state ->> 'person',
  moment(s.state, 'until')
from object s
where s.kind = 'rota' and not s.state ? 'withdrawnAt' and moment(s.state, 'until') > :now
  and not exists (select from object p where p.kind = 'playbook' and p.state ->> 'category' = 'AVAILABILITY')
