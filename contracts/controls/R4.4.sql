-- Accounts of programs: somebody who works here answers for each. And accounts in the directory that are nobody's, also where somebody accepted one
-- for a time. That no two people share an account, and that each entry of the log names its actor, is held before anything is published.
select s.kind, s.id,
  s.kind = 'service-account' and not s.state ? 'orphanedAt' and coalesce(p.state ->> 'state' = 'ACTIVE', false) as holds,
  case
    when s.kind = 'drift' then 'nobodys'
    when p.id is null then 'responsible-unknown'
    when p.state ->> 'state' = 'ACTIVE' and not s.state ? 'orphanedAt' then 'answered-for'
    else 'responsible-gone'
  end as why,
  s.state ->> 'responsible' as owner,
  null::timestamptz as turns_at
from object s
left join object p on p.kind = 'person' and p.id = ref(s.state, 'responsible')
where s.kind = 'service-account' and s.state ->> 'state' = 'ACTIVE'
  or s.kind = 'drift' and s.state ->> 'kind' = 'ACCOUNT_WITHOUT_PERSON' and coalesce(s.state ->> 'state', '') not in ('REPAIRED', 'ENDED')
