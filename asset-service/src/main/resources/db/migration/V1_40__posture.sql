-- How well an asset is protected: what is known, and how it stands with each rule, as JSON by name.
create table posture (
  id              uuid primary key references asset,
  version         bigint      not null,
  event_number    bigint      not null,
  published_state text        not null,
  asset_kind      text        not null,
  in_service      boolean     not null,
  facts           text        not null,
  declared_ports  int[]       not null,
  standings       text        not null,
  judged_by       text        not null,
  counts_from     timestamptz,
  due_at          timestamptz
);
create index posture_kind on posture (asset_kind, id) where in_service;
create index posture_standings on posture using gin (cast(standings as jsonb));
create index posture_counts on posture (counts_from, id) where counts_from is not null;
-- What the clock searches, every few seconds.
create index posture_due on posture (due_at) where in_service and due_at is not null;
create index posture_judged_by on posture (judged_by) where in_service;

-- What is in service already; no version of the rules judged it, so the clock will.
insert into posture (id, version, event_number, published_state, asset_kind, in_service, facts,
  declared_ports, standings, judged_by)
select id, 0, 0, '{}', kind, true, '{}', '{}', '{}', '' from asset where state = 'IN_SERVICE';

-- Breaches that do not count for a time, with who asked for that and who allowed it.
create table posture_exemption (
  id              uuid primary key,
  version         bigint      not null,
  event_number    bigint      not null,
  published_state text        not null,
  asset           uuid        not null references asset,
  rule            text        not null,
  reason          text        not null,
  ends_at         timestamptz not null,
  stage           text        not null,
  requested_by    text        not null,
  requested_at    timestamptz not null,
  decided_by      text
);
create unique index exemption_open on posture_exemption (asset, rule) where stage in ('REQUESTED', 'APPROVED');
create index exemption_asset on posture_exemption (asset, id);
create index exemption_waiting on posture_exemption (requested_at, id) where stage = 'REQUESTED';
create index exemption_over on posture_exemption (ends_at) where stage in ('REQUESTED', 'APPROVED');

grant select, insert, update on posture, posture_exemption to "${runtime}";
