-- Alerts that somebody took in hand within 90 days: from when each fired until then. One that fires again waits to be taken in hand again.
select a.kind, a.id, extract(epoch from moment(a.state, 'acknowledgedAt') - moment(a.state, 'firedAt')) / 60 as amount, a.event
from object a
where a.kind = 'monitoring-alert' and moment(a.state, 'acknowledgedAt') > :now - interval '90 days'
