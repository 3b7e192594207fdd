-- How many steps of the chain were taken, and when the next one is; null where nobody else is to be told.
alter table alert add column escalations int not null default 0;
alter table alert add column escalate_at timestamptz;
alter table alert add check (escalate_at is null or state = 'FIRING');
create index alert_escalation on alert (escalate_at, id) where escalate_at is not null;
