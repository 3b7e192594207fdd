create table asset (
  id              uuid primary key,
  version         bigint      not null,
  event_number    bigint      not null,
  published_state text        not null,
  name            text        not null,
  kind            text        not null,
  serial_number   text,
  production      boolean     not null,
  state           text        not null,
  owner           uuid,
  reassign_since  timestamptz,
  reassign_by     timestamptz,
  availability    int check (availability between 1 and 4),
  integrity       int check (integrity between 1 and 4),
  confidentiality int check (confidentiality between 1 and 4),
  proof           int check (proof between 1 and 4),
  inventory_digest text,
  inventoried_at  timestamptz,
  registered_at   timestamptz not null
);
-- One physical thing, one asset: two registrations of a serial number are a mistake.
create unique index asset_serial on asset (kind, serial_number) where serial_number is not null;
create index asset_owner on asset (owner, id);
create index asset_state on asset (state, id);
create index asset_reassign on asset (reassign_by) where reassign_by is not null;

-- The last inventory of a machine, as it was received.
create table inventory (
  asset_id uuid primary key references asset,
  document text not null
);

-- People who left, as access-service told; they can own nothing any more.
create table departed_person (
  person_id uuid primary key,
  left_at   timestamptz not null
);

grant select, insert, update, delete on asset, inventory, departed_person to "${runtime}";
