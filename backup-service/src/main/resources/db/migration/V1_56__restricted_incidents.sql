-- Which incidents not everybody may know of.
alter table known_incident add column restricted boolean not null default false;
create index known_incident_restricted on known_incident (incident_id) where restricted;
