-- Campaigns that were open: of what they asked about, how much was decided by then. Answers to a first stage decide nothing.
select c.kind, c.id, answered.items as amount, number(c.state, 'items') as whole, c.event
from object c
cross join lateral (
  select count(*) as items
  from object r
  where r.kind = 'review' and r.state @> jsonb_build_object('campaign', c.id::text)
    and r.state ->> 'state' in ('CERTIFIED', 'REDUCED', 'REVOKED') and r.changed_at <= :now
) answered
where c.kind = 'campaign' and moment(c.state, 'openedAt') <= :now and coalesce(moment(c.state, 'endedAt') > :now, true)
  and number(c.state, 'items') > 0
