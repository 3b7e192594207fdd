-- Deployments: reviewed by somebody else than their author, or in time after an emergency.
select d.kind, d.id,
  case
    when d.state ? 'reviewer' then coalesce(d.state ->> 'reviewer' <> d.state ->> 'author', false)
    else d.state ? 'reviewedBy' or coalesce(moment(d.state, 'reviewDue') > :now, false)
  end as holds,
  case
    when d.state ->> 'reviewer' <> d.state ->> 'author' then 'reviewed'
    when d.state ? 'reviewer' then 'not-by-another'
    when d.state ? 'reviewedBy' then 'reviewed-after'
    when moment(d.state, 'reviewDue') > :now then 'in-time'
    else 'review-overdue'
  end as why,
  d.state ->> 'author' as owner,
  case when not d.state ?| array['reviewer', 'reviewedBy'] then moment(d.state, 'reviewDue') end as turns_at
from object d
where d.kind = 'deployment'
