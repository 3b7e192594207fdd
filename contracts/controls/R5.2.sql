-- Documents in force: looked at again by their review date.
select d.kind, d.id,
  coalesce(moment(d.state, 'reviewDue') > :now, false) as holds,
  case
    when moment(d.state, 'reviewDue') is null then 'no-review-date'
    when moment(d.state, 'reviewDue') > :now then 'reviewed'
    else 'review-overdue'
  end as why,
  d.state ->> 'owner' as owner,
  moment(d.state, 'reviewDue') as turns_at
from object d
where d.kind = 'document' and d.state ->> 'state' = 'IN_FORCE'
