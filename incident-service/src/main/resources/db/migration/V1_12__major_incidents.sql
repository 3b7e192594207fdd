-- A major incident: since when, and who has which role in the crisis, by the ids of persons.
alter table incident
  add column major_since  timestamptz,
  add column crisis_roles text not null default '',
  add check (major_since is not null or crisis_roles = '');
create index incident_major on incident (id) where major_since is not null;
