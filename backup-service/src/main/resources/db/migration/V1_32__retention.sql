-- Whose an asset is, for when that client's contract ends.
alter table asset_coverage add column client uuid;
create index coverage_client on asset_coverage (client) where client is not null;

-- Until when copies of an asset are kept that is retired, or whose client's contract ended.
create table retention_decision (
  id              uuid primary key,
  version         bigint      not null,
  event_number    bigint      not null,
  published_state text        not null,
  asset           uuid        not null,
  cause           text        not null,
  client          uuid,
  keep_until      timestamptz not null,
  reason          text,
  decided_at      timestamptz not null,
  due_since       timestamptz,
  proven_at       timestamptz,
  proof           text,
  sha256          text,
  check ((client is null) = (cause = 'DISPOSAL')),
  check ((reason is null) = (cause <> 'DISPOSAL')),
  check ((proven_at is null) = (sha256 is null))
);
create unique index retention_of_disposal on retention_decision (asset) where cause = 'DISPOSAL';
create unique index retention_of_contract on retention_decision (asset, client) where client is not null;
create index retention_client on retention_decision (client, id) where client is not null;
-- What the clock searches, and what people still owe a proof of.
create index retention_unproven on retention_decision (keep_until, id) where proven_at is null;
grant select, insert, update on retention_decision to "${runtime}";
