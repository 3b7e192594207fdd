create extension if not exists pg_trgm;

alter table person
  add column employee_number text,
  add column kind       text not null default 'EMPLOYEE',
  add column manager_id uuid,
  add column host_id    uuid,
  add column site_id    uuid,
  add column ends_on    date,
  add column last_day   date;
alter table person alter column kind drop default;
-- For ever, as addresses and accounts are.
create unique index person_employee_number on person (lower(employee_number));
create index person_manager on person (manager_id, id);
create index person_host on person (host_id, id) where host_id is not null;
create index person_site on person (site_id, id);
create index person_name on person using gin ((given_name || ' ' || family_name) gin_trgm_ops);
create index person_to_start on person (joined_on, id) where state = 'ANNOUNCED';
create index person_to_leave on person (least(ends_on, last_day), id)
  where state <> 'LEFT' and least(ends_on, last_day) is not null;

create table service_account (
  id              uuid primary key,
  version         bigint      not null,
  event_number    bigint      not null,
  published_state text        not null,
  subject         text        not null,
  name            text        not null,
  purpose         text        not null,
  responsible_id  uuid        not null references person,
  valid_until     timestamptz,
  state           text        not null,
  orphaned_at     timestamptz,
  ended_at        timestamptz,
  end_reason      text
);
-- For ever, ended ones included: what an account did in the past names one program (R4.4).
create unique index service_account_subject on service_account (subject);
create index service_account_responsible on service_account (responsible_id, id);
create index service_account_to_end on service_account (valid_until) where state = 'ACTIVE';
create index service_account_orphaned on service_account (orphaned_at, id) where orphaned_at is not null;
grant select, insert, update on service_account to "${runtime}";
