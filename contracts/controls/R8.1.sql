-- Suppliers that something is entrusted to: assessed with a good enough result, and again by its due time.
select s.kind, s.id,
  coalesce(s.state ->> 'assessedAs' <> 'UNSATISFACTORY' and moment(s.state, 'assessmentDue') > :now, false) as holds,
  case
    when not s.state ? 'assessedAs' then 'never-assessed'
    when s.state ->> 'assessedAs' = 'UNSATISFACTORY' then 'unsatisfactory'
    when moment(s.state, 'assessmentDue') > :now then 'assessed'
    else 'assessment-overdue'
  end as why,
  null::text as owner,
  case when s.state ->> 'assessedAs' <> 'UNSATISFACTORY' then moment(s.state, 'assessmentDue') end as turns_at
from object s
where s.kind = 'supplier' and s.state ->> 'state' in ('APPROVED', 'SUSPENDED')
