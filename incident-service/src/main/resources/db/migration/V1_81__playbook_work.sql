-- Who began a checklist, for the tasks that its steps are where nobody has the incident.
alter table playbook_run add column begun_by text;
create index playbook_run_open on playbook_run (begun_at, id) where completed_at is null;

-- The approved document of asset-service that the steps are taken from.
alter table playbook_version add column document uuid;

-- What asset-service tells of documents: those that are in force.
create table document_in_force (
  document uuid primary key
);

grant select, insert, delete on document_in_force to "${runtime}";

-- A version is written once, and decided on once.
revoke update on playbook_version from "${runtime}";
grant update (decision, decided_by, decided_at, reason) on playbook_version to "${runtime}";
