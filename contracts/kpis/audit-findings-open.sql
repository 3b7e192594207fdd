-- Audits that began: how many of their findings are neither verified nor accepted.
select a.kind, a.id, number(a.state, 'unsettled') as amount, a.event
from object a
where a.kind = 'control-audit' and a.state ->> 'state' in ('BEGUN', 'CLOSED')
