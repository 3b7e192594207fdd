-- Suppliers that something is entrusted to: a contract is live, or an exception allows that none is; assessed with a good enough result, and again
-- by its due time. What the contract must say is R8.2. asset-service tells how each stands when its contracts or exceptions change, and on the day
-- that begins or ends one.
select s.kind, s.id,
  coalesce(
    s.state @> '{"underContract": true}' and s.state ->> 'assessedAs' <> 'UNSATISFACTORY' and moment(s.state, 'assessmentDue') > :now,
    false) as holds,
  case
    when not s.state ? 'underContract' then 'contract-unknown'
    when not s.state @> '{"underContract": true}' then 'no-contract'
    when not s.state ? 'assessedAs' then 'never-assessed'
    when s.state ->> 'assessedAs' = 'UNSATISFACTORY' then 'unsatisfactory'
    when moment(s.state, 'assessmentDue') > :now then 'assessed'
    else 'assessment-overdue'
  end as why,
  null::text as owner,
  case when s.state ->> 'assessedAs' <> 'UNSATISFACTORY' then moment(s.state, 'assessmentDue') end as turns_at
from object s
where s.kind = 'supplier' and s.state ->> 'state' in ('APPROVED', 'SUSPENDED')
