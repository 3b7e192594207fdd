-- An incident has the report that became it, and those that were merged into it.
alter table security_event
  drop constraint security_event_incident_key,
  drop constraint security_event_check2,
  add check ((state in ('PROMOTED', 'MERGED')) = (incident is not null));

create unique index security_event_promoted on security_event (incident) where state = 'PROMOTED';
create index security_event_incident on security_event (incident, id) where incident is not null;
