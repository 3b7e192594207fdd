-- Monitors that probe: 1 where the last results are a failure.
select m.kind, m.id, (m.state ? 'failingSince')::int as amount, m.event
from object m
where m.kind = 'monitor' and m.state @> '{"state": "ACTIVE"}'
