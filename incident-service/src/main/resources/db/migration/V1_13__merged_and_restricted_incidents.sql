-- The incident that this one was merged into; and, where not every responder may read it, the accounts that may, one a line between
-- empty lines.
alter table incident
  add column merged_into   uuid references incident,
  add column restricted_to text,
  add check (merged_into is null or state = 'CLOSED'),
  add check (merged_into <> id);
create index incident_merged on incident (merged_into, id) where merged_into is not null;
