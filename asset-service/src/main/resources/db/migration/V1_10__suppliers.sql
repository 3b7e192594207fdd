create table supplier (
  id                  uuid primary key,
  version             bigint      not null,
  event_number        bigint      not null,
  published_state     text        not null,
  name                text        not null,
  services            text        not null,
  activities          text        not null,
  criticality         text        not null,
  handles_client_data boolean     not null,
  countries           text        not null,
  contact_name        text        not null,
  contact_email       text        not null,
  contact_phone       text,
  state               text        not null,
  proposed_by         text        not null,
  approved_by         text,
  assessed_at         timestamptz,
  assessed_as         text,
  assessment_due      timestamptz not null,
  registered_at       timestamptz not null
);
create unique index supplier_name on supplier (lower(name)) where state <> 'ENDED';
create index supplier_state on supplier (state, id);
create index supplier_assessment_due on supplier (assessment_due, id);

-- Lists (activities, countries, documents, clauses, assets) are the lines of one column.
create table supplier_contract (
  id            uuid primary key,
  supplier      uuid        not null references supplier,
  reference     text        not null,
  signed_on     date        not null,
  starts_on     date        not null,
  ends_on       date,
  notice_period text        not null,
  documents     text        not null,
  clauses       text        not null,
  ended_on      date,
  end_reason    text,
  recorded_by   text        not null,
  recorded_at   timestamptz not null
);
create index supplier_contract_supplier on supplier_contract (supplier, id);

create table supplier_exception (
  id               uuid primary key,
  supplier         uuid        not null references supplier,
  decision         text        not null,
  clauses          text        not null,
  without_contract boolean     not null,
  reason           text        not null,
  compensation     text        not null,
  valid_until      date        not null,
  requested_by     text        not null,
  requested_at     timestamptz not null,
  decided_by       text,
  decided_at       timestamptz
);
create index supplier_exception_supplier on supplier_exception (supplier, id);
create index supplier_exception_to_decide on supplier_exception (requested_at, id)
  where decision = 'REQUESTED';

create table supplier_assessment (
  id          uuid primary key,
  supplier    uuid not null references supplier,
  stage       text not null,
  planned_for date not null,
  planned_by  text not null,
  done_at     timestamptz,
  assessed_by text,
  recorded_at timestamptz,
  method      text,
  result      text,
  summary     text,
  accepted_by text,
  accepted_at timestamptz
);
create index supplier_assessment_supplier on supplier_assessment (supplier, id);
create index supplier_assessment_to_accept on supplier_assessment (recorded_at, id)
  where stage = 'DONE';

create table supplier_reservation (
  id         uuid primary key,
  supplier   uuid        not null references supplier,
  assessment uuid        not null references supplier_assessment,
  text       text        not null,
  due        timestamptz not null,
  evidence   text,
  lifted_by  text,
  lifted_at  timestamptz
);
create index supplier_reservation_supplier on supplier_reservation (supplier, id);
create index supplier_reservation_due on supplier_reservation (due, id) where lifted_at is null;

create table supplier_sub_processor (
  id          uuid primary key,
  supplier    uuid        not null references supplier,
  decision    text        not null,
  name        text        not null,
  service     text        not null,
  country     text        not null,
  declared_by text        not null,
  declared_at timestamptz not null,
  decided_by  text,
  decided_at  timestamptz,
  objection   text
);
create index supplier_sub_processor_supplier on supplier_sub_processor (supplier, id);
create index supplier_sub_processor_to_decide on supplier_sub_processor (declared_at, id)
  where decision = 'DECLARED';

create table supplier_incident (
  id          uuid primary key,
  supplier    uuid        not null references supplier,
  reported_at timestamptz not null,
  description text        not null,
  assets      text        not null,
  recorded_by text        not null,
  recorded_at timestamptz not null,
  outcome     text,
  closed_at   timestamptz
);
create index supplier_incident_supplier on supplier_incident (supplier, id);

-- Nothing is ever deleted: on whom we relied, and on what ground, stays known.
grant select, insert, update on supplier, supplier_contract, supplier_exception,
  supplier_assessment, supplier_reservation, supplier_sub_processor, supplier_incident
  to "${runtime}";
