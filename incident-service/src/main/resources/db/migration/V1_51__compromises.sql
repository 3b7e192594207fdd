-- Assets with an incident's malicious code on them. Since when is declared once and has no way to change.
create table compromise (
  id                uuid primary key,
  version           bigint      not null,
  event_number      bigint      not null,
  published_state   text        not null,
  incident          uuid        not null references incident,
  asset             uuid        not null,
  compromised_since timestamptz not null,
  state             text        not null,
  declared_at       timestamptz not null,
  declaration       uuid        not null references incident_entry,
  lifted_at         timestamptz,
  lifting           uuid references incident_entry,
  check (compromised_since <= declared_at),
  check ((state = 'LIFTED') = (lifted_at is not null)),
  check ((state = 'LIFTED') = (lifting is not null))
);
create index compromise_incident on compromise (incident, id);

grant select, insert on compromise to "${runtime}";
grant update (version, event_number, published_state, state, lifted_at, lifting) on compromise to "${runtime}";
