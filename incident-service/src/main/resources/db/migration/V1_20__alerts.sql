-- What monitoring told, one row from the first time that it fires until it is over. A repetition adds to occurrences and
-- last_seen_at, which no index has, so that it rewrites the row in place.
create table alert (
  id                   uuid primary key,
  version              bigint      not null,
  event_number         bigint      not null,
  published_state      text        not null,
  fingerprint          text        not null,
  latest               boolean     not null,
  source               text        not null,
  rule                 text        not null,
  severity             text        not null,
  labels               text        not null,
  summary              text,
  description          text,
  asset                uuid,
  state                text        not null,
  started_at           timestamptz not null,
  received_at          timestamptz not null,
  fired_at             timestamptz not null,
  last_seen_at         timestamptz not null,
  occurrences          bigint      not null,
  flaps                int         not null,
  flapping             boolean     not null,
  calm_since           timestamptz,
  acknowledged_at      timestamptz,
  acknowledged_by      text,
  acknowledgement_note text,
  resolved_at          timestamptz,
  resolution           text,
  resolved_by          text,
  resolution_note      text,
  mails                int         not null,
  told                 boolean     not null,
  next_mail_at         timestamptz,
  held_by              uuid,
  check ((state = 'RESOLVED') = (resolved_at is not null)),
  check ((state = 'RESOLVED') = (resolution is not null)),
  check ((state = 'RESOLVED') = (next_mail_at is null)),
  check ((acknowledged_at is null) = (acknowledged_by is null)),
  check (state <> 'ACKNOWLEDGED' or acknowledged_at is not null),
  check (calm_since is null or flapping)
) with (fillfactor = 80);
-- Of each fingerprint one: where it fires again long after it was resolved, that is another alert.
create unique index alert_latest on alert (fingerprint) where latest;
create index alert_due on alert (next_mail_at, id) where state <> 'RESOLVED';
create index alert_waiting on alert (fired_at, id) where state = 'FIRING';
create index alert_calm on alert (calm_since) where calm_since is not null;
create index alert_state on alert (state, id);
create index alert_source on alert (source, id);
create index alert_rule on alert (rule, id);
create index alert_asset on alert (asset, id) where asset is not null;

grant select, insert, update on alert to "${runtime}";
