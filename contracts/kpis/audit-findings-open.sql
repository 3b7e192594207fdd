-- Audits that began: how many of their findings are neither verified nor accepted. Of those that were cancelled, which have some.
select a.kind, a.id, number(a.state, 'unsettled') as amount, a.event
from object a
where a.kind = 'control-audit'
  and (a.state ->> 'state' in ('BEGUN', 'CLOSED') or a.state ->> 'state' = 'CANCELLED' and number(a.state, 'unsettled') > 0)
