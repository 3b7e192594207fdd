-- Duties to notify that ran out, and to which nobody answered before then or since.
select c.kind, c.id, 1 as amount, c.event
from object c
where c.kind = 'notification-clock' and moment(c.state, 'dueAt') <= :now and coalesce(moment(c.state, 'endedAt') > :now, true)
