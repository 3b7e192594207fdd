-- That a scan was taken in: written once.
create table scan (
  id              uuid primary key,
  version         bigint      not null,
  event_number    bigint      not null,
  published_state text        not null,
  asset           uuid        not null,
  tool            text        not null,
  digest          text        not null,
  complete        boolean     not null,
  results         int         not null,
  found           int         not null,
  reopened        int         not null,
  gone            int         not null,
  performed_at    timestamptz not null,
  taken_at        timestamptz not null
);
create index scan_of on scan (asset, tool, id);

-- What scans found. Messages and places are text of other people's: they are published nowhere.
create table scan_finding (
  id                          uuid primary key,
  version                     bigint      not null,
  event_number                bigint      not null,
  published_state             text        not null,
  asset                       uuid        not null,
  tool                        text        not null,
  rule                        text        not null,
  fingerprint                 text        not null,
  place                       text        not null,
  message                     text,
  severity                    text        not null,
  state                       text        not null,
  found_at                    timestamptz not null,
  state_since                 timestamptz not null,
  due_at                      timestamptz not null,
  reopened                    int         not null,
  acceptance_state            text,
  accepted_until              timestamptz,
  acceptance_requested_by     text,
  acceptance_requested_at     timestamptz,
  acceptance_requested_reason text,
  acceptance_decided_by       text,
  acceptance_decided_at       timestamptz,
  acceptance_decided_reason   text,
  verdict_by                  text,
  verdict_reason              text,
  unique (asset, tool, fingerprint),
  check (state <> 'ACCEPTED' or accepted_until is not null),
  check (acceptance_state is distinct from 'APPROVED'
    or acceptance_decided_by <> acceptance_requested_by),
  check (state <> 'FALSE_POSITIVE' or verdict_reason is not null)
);
create index scan_finding_asset on scan_finding (asset, id);
create index scan_finding_state on scan_finding (state, id);
create index scan_finding_due on scan_finding (due_at, id) where state = 'OPEN';
create index scan_finding_accepted on scan_finding (accepted_until, id) where state = 'ACCEPTED';
create index scan_finding_requested on scan_finding (acceptance_requested_at, id)
  where acceptance_state = 'REQUESTED';

grant select, insert, update on scan, scan_finding to "${runtime}";
