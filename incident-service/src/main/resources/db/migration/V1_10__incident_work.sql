-- Severity follows from impact and urgency once somebody judged both; whom and what an incident affects, by id alone.
alter table incident
  add column impact           text,
  add column urgency          text,
  add column affected_assets  text not null default '',
  add column affected_clients text not null default '',
  add column affected_people  text not null default '',
  add column open_tasks       int  not null default 0 check (open_tasks >= 0),
  add check ((impact is null) = (urgency is null));

create table incident_task (
  id         uuid primary key,
  incident   uuid        not null references incident,
  kind       text        not null,
  title      text        not null,
  assignee   text        not null,
  due_at     timestamptz not null,
  created_at timestamptz not null,
  state      text        not null,
  ended_at   timestamptz,
  reason     text,
  check ((state = 'OPEN') = (ended_at is null)),
  check ((state = 'CANCELLED') = (reason is not null))
);
create index incident_task_incident on incident_task (incident, id);
create index incident_task_open on incident_task (assignee, created_at, id) where state = 'OPEN';

-- Added to, never changed: a correction is an entry of its own, and one entry has one correction at most.
create table incident_entry (
  id          uuid primary key,
  incident    uuid        not null references incident,
  kind        text        not null,
  text        text        not null,
  happened_at timestamptz not null,
  recorded_at timestamptz not null,
  recorded_by text        not null,
  supersedes  uuid unique references incident_entry
);
create index incident_entry_incident on incident_entry (incident, id);

grant select, insert, update on incident_task to "${runtime}";
grant select, insert on incident_entry to "${runtime}";
