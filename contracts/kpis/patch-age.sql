-- Machines in service that are to be patched (policy/posture.json, 'patched'): how many days ago each last was. One of which no tool told it has
-- no amount.
select a.kind, a.id, (:now at time zone 'UTC')::date - day(p.state, 'patchedOn') as amount, coalesce(p.event, a.event) as event
from object a
left join object p on p.kind = 'posture' and p.id = a.id
where a.kind = 'asset' and a.state ->> 'state' = 'IN_SERVICE'
  and a.state ->> 'kind' in ('WORKSTATION', 'LAPTOP', 'SERVER', 'VIRTUAL_MACHINE', 'PHONE', 'TABLET')
