-- Incidents, each once, that were recovered within 90 days: from their detection until then.
select i.kind, i.id, extract(epoch from moment(i.state, 'recoveredAt') - moment(i.state, 'detectedAt')) / 3600 as amount, i.event
from object i
where i.kind = 'incident' and not i.state ? 'mergedInto'
  and moment(i.state, 'recoveredAt') > :now - interval '90 days' and moment(i.state, 'recoveredAt') <= :now
