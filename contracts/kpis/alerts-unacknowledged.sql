-- Alerts that fire, and that nobody took in hand.
select a.kind, a.id, 1 as amount, a.event
from object a
where a.kind = 'monitoring-alert' and a.state @> '{"state": "FIRING"}'
