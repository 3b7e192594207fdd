create table client (
  id                       uuid primary key,
  version                  bigint      not null,
  event_number             bigint      not null,
  published_state          text        not null,
  name                     text        not null,
  contract_reference       text        not null,
  contract_starts_on       date        not null,
  contract_ends_on         date,
  contract_over            timestamptz,
  contract_file            text        not null,
  data                     text        not null,
  notification_delay_hours int         not null,
  contact_name             text,
  contact_email            text,
  contact_phone            text,
  state                    text        not null,
  fate                     text,
  due_on                   date,
  ended_at                 timestamptz,
  settled_at               timestamptz,
  evidence                 text
);
create unique index client_name on client (lower(name)) where state <> 'ENDED';
create index client_state on client (state, id);
create index client_over on client (contract_over, id) where state = 'ACTIVE';
create index client_to_settle on client (ended_at, id) where state = 'ENDED' and settled_at is null;

create table client_access (
  id              uuid primary key,
  version         bigint      not null,
  event_number    bigint      not null,
  published_state text        not null,
  client_id       uuid        not null references client,
  person_id       uuid        not null references person,
  ground          text        not null,
  reference       text        not null,
  file            text        not null,
  valid_from      timestamptz not null,
  valid_until     timestamptz not null,
  state           text        not null,
  requested_by    text        not null,
  requested_at    timestamptz not null,
  decided_by      text,
  decided_at      timestamptz,
  refusal         text,
  revoked_by      text,
  revoked_at      timestamptz,
  revocation      text
);
create index client_access_client on client_access (client_id, id);
create index client_access_person on client_access (person_id, id);
create index client_access_to_decide on client_access (requested_at, id) where state = 'REQUESTED';
create index client_access_approved on client_access (id) where state = 'APPROVED';

-- Nothing is ever deleted: who could touch whose data, and on what ground, stays known.
grant select, insert, update on client, client_access to "${runtime}";
