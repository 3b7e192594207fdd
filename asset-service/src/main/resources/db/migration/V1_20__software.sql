-- The present bill of materials of an asset, as figures; its components are holdings.
create table bom (
  id              uuid primary key references asset,
  version         bigint      not null,
  event_number    bigint      not null,
  published_state text        not null,
  digest          text        not null,
  spec_version    text        not null,
  serial_number   text,
  components      int         not null,
  without_purl    int         not null,
  taken_at        timestamptz not null
);

-- Packages in one version, once each; a null version is one that nobody knows.
create table component (
  id        uuid primary key,
  purl      text not null unique,
  type      text not null,
  namespace text not null,
  name      text not null,
  version   text,
  distro    text not null
);
create index component_package on component (type, namespace, name);

create table holding (
  id           uuid primary key,
  asset_id     uuid not null references asset,
  component_id uuid not null references component,
  source       text not null,
  unique (asset_id, source, component_id)
);
create index holding_component on holding (component_id, asset_id);

create view held_component as
  select h.id, h.asset_id, h.source, c.purl, c.type, c.namespace, c.name, c.version
  from holding h join component c on c.id = h.component_id;

-- What somebody published, in its newest version; the document itself stays with who published it.
create table advisory (
  id                uuid primary key,
  version           bigint      not null,
  event_number      bigint      not null,
  published_state   text        not null,
  format            text        not null,
  publisher         text        not null,
  identifier        text        not null,
  title             text        not null,
  published_at      timestamptz,
  modified_at       timestamptz not null,
  severity          text        not null,
  score             numeric(3, 1),
  aliases           text        not null,
  links             text        not null,
  packages          int         not null,
  products_without_purl int     not null,
  exploited_since   timestamptz,
  withdrawn_at      timestamptz,
  withdrawal_reason text,
  received_at       timestamptz not null,
  unique (publisher, identifier)
);
create index advisory_identifier on advisory (identifier);

-- What an advisory is about: mostly a CVE each.
create table flaw (
  id          uuid primary key,
  advisory_id uuid not null references advisory,
  name        text not null,
  title       text,
  severity    text not null,
  score       numeric(3, 1),
  vector      text,
  unique (advisory_id, name)
);
create index flaw_name on flaw (name);

-- Which versions of which package it concerns: ranges as vers, one a line.
create table affected_package (
  id         uuid primary key,
  flaw_id    uuid not null references flaw,
  type       text not null,
  namespace  text not null,
  name       text not null,
  distro     text not null,
  affected   text not null,
  unaffected text not null
);
create index affected_package_flaw on affected_package (flaw_id);
create index affected_package_package on affected_package (type, namespace, name);

-- That an asset holds a component which an advisory concerns.
create table vulnerability (
  id              uuid primary key,
  version         bigint      not null,
  event_number    bigint      not null,
  published_state text        not null,
  advisory_id     uuid        not null references advisory,
  flaw            text        not null,
  asset_id        uuid        not null references asset,
  component_id    uuid        not null references component,
  purl            text        not null,
  certain         boolean     not null,
  severity        text        not null,
  score           numeric(3, 1),
  exploited       boolean     not null,
  state           text        not null,
  justification   text,
  fix_reason      text,
  fixed_version   text,
  decided_by      text,
  decided_at      timestamptz,
  decided_reason  text,
  found_at        timestamptz not null,
  due_at          timestamptz not null,
  overdue_at      timestamptz not null,
  acceptance_state text,
  accepted_until  timestamptz,
  acceptance_requested_by text,
  acceptance_requested_at timestamptz,
  acceptance_requested_reason text,
  acceptance_decided_by text,
  acceptance_decided_at timestamptz,
  acceptance_decided_reason text,
  unique (advisory_id, flaw, component_id, asset_id)
);
create index vulnerability_asset on vulnerability (asset_id, component_id);
create index vulnerability_flaw on vulnerability (flaw, id);
create index vulnerability_overdue on vulnerability (overdue_at, id)
  where state in ('TO_ASSESS', 'UNDER_INVESTIGATION', 'AFFECTED');
create index vulnerability_acceptance on vulnerability (acceptance_requested_at, id)
  where acceptance_state = 'REQUESTED';

grant select, insert, update on bom, component, advisory, vulnerability to "${runtime}";
grant select, insert, delete on holding, flaw, affected_package to "${runtime}";
grant select on held_component to "${runtime}";
