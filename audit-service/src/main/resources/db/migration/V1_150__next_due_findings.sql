-- By when the first of an audit's findings must be settled, of which the log is told (R15.4).
alter table control_audit add column next_due_at timestamptz;
update control_audit a set next_due_at =
  (select min(f.due_at) from audit_finding f where f.audit = a.id and f.state in ('OPEN', 'ACTED'));
