-- A step whose time was wrong is superseded by a note with another, once, and both stay.
alter table incident_step
  add column supersedes uuid unique references incident_step,
  drop constraint incident_step_incident_state_key;

create unique index incident_step_once on incident_step (incident, state) where supersedes is null;
