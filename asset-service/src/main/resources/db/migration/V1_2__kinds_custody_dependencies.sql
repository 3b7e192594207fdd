-- What an asset is beside its name, who has it, and what it needs.
create extension if not exists pg_trgm;

alter table asset
  add column asset_tag      text,
  add column machine_id     text,
  add column make           text,
  add column model          text,
  add column site           uuid,
  add column supplier       uuid,
  add column client         uuid,
  add column purchased_on   date,
  add column warranty_until date,
  add column attributes     text   not null default '{}',
  add column custodian      uuid,
  add column handover_to    uuid,
  add column handover_since timestamptz,
  add column rationale      text,
  add column inherited_availability    int check (inherited_availability between 1 and 4),
  add column inherited_integrity       int check (inherited_integrity between 1 and 4),
  add column inherited_confidentiality int check (inherited_confidentiality between 1 and 4),
  add column inherited_proof           int check (inherited_proof between 1 and 4),
  add column depends_on     uuid[] not null default '{}',
  add column retired_at     timestamptz;

-- Levels are inherited one by one along dependencies, and none depends on itself.
alter table asset add constraint asset_not_on_itself check (not id = any (depends_on));

-- What is gone for good, or was never ours, keeps nobody from registering the thing again.
drop index asset_serial;
create unique index asset_serial on asset (kind, serial_number)
  where serial_number is not null and state not in ('DISPOSED', 'REJECTED');
create unique index asset_tag on asset (asset_tag)
  where asset_tag is not null and state not in ('DISPOSED', 'REJECTED');
create unique index asset_machine on asset (machine_id)
  where machine_id is not null and state not in ('DISPOSED', 'REJECTED');
create index asset_serial_number on asset (serial_number) where serial_number is not null;
create index asset_depends_on on asset using gin (depends_on);
create index asset_attributes on asset using gin (cast(attributes as jsonb) jsonb_path_ops);
create index asset_name on asset using gin (name gin_trgm_ops);
create index asset_kind on asset (kind, id);
create index asset_custodian on asset (custodian, id) where custodian is not null;
create index asset_site on asset (site, id) where site is not null;
create index asset_supplier on asset (supplier, id) where supplier is not null;
create index asset_client on asset (client, id) where client is not null;
create index asset_handover on asset (handover_to, handover_since) where handover_to is not null;

-- Whose account is which, as access-service told.
create table person_account (
  person_id uuid primary key,
  subject   text not null unique
);
grant select, insert, delete on person_account to "${runtime}";

-- When a tool last reported the machine, whether anything had changed or not.
alter table inventory add column seen_at timestamptz not null default now();
