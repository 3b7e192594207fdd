-- Which incidents not everybody may know of: of those known before this, all until somebody tells.
alter table known_incident add column restricted boolean not null default true;
alter table known_incident alter column restricted set default false;
create index known_incident_restricted on known_incident (incident_id) where restricted;
