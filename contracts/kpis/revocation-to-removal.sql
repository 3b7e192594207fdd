-- What reviews revoked: from the decision until somebody confirmed, or the directory said, that it is gone; of those confirmed in 90 days. What is
-- still to be confirmed has no amount. A review that was revoked changes no more, and that it is confirmed changes nothing in its state.
select r.kind, r.id, extract(epoch from done.at - r.changed_at) / 3600 as amount, coalesce(done.event, r.event) as event
from object r
left join lateral (
  select e.event_time as at, e.event_id as event
  from entry e
  where e.subject = 'review/' || r.id and e.type = 'review.confirmed.v1' and e.alert is null and e.event_time between r.changed_at and :now
  order by e.index limit 1
) done on true
where r.kind = 'review' and r.state @> '{"state": "REVOKED"}' and r.changed_at <= :now and coalesce(done.at > :now - interval '90 days', true)
