-- Exceptions that are approved, until the time that their approval says.
select x.kind, x.id, 1 as amount, x.event
from object x
where x.kind = 'control-exception' and x.state ->> 'stage' = 'APPROVED' and moment(x.state, 'endsAt') > :now
