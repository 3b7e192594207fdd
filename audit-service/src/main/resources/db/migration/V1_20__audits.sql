-- Audits of the policy. rules and clients are the scope; auditor is the subject of an account, which may read during the period.
create table control_audit (
  id              uuid primary key,
  version         bigint      not null,
  event_number    bigint      not null,
  published_state text        not null,
  title           text        not null,
  kind            text        not null,
  rules           text[]      not null,
  clients         text[]      not null,
  auditor         text        not null,
  period_from     timestamptz not null,
  period_until    timestamptz not null,
  state           text        not null,
  findings        int         not null,
  unsettled       int         not null,
  planned_at      timestamptz not null,
  begun_at        timestamptz,
  closed_at       timestamptz,
  check (period_from < period_until),
  check (cardinality(rules) + cardinality(clients) > 0),
  check (unsettled between 0 and findings),
  check ((state = 'PLANNED') = (begun_at is null)),
  check ((state = 'CLOSED') = (closed_at is not null)),
  check (closed_at is null or unsettled = 0)
);
create index control_audit_auditor on control_audit (auditor, id);

-- What they found. Who acted never verifies (R4.6), and who owns never accepts.
create table audit_finding (
  id         uuid primary key,
  audit      uuid        not null references control_audit,
  reference  text        not null,
  rule       text        not null,
  severity   text        not null,
  text       text        not null,
  owner      text        not null,
  due_at     timestamptz not null,
  state      text        not null,
  raised_at  timestamptz not null,
  since      timestamptz not null,
  action     text,
  acted_by   text,
  acted_at   timestamptz,
  decided_by text,
  decided_at timestamptz,
  reason     text,
  unique (audit, reference),
  check ((acted_at is null) = (acted_by is null) and (acted_at is null) = (action is null)),
  check ((decided_at is null) = (decided_by is null) and (decided_at is null) = (reason is null)),
  check (state <> 'ACTED' or acted_at is not null),
  check (state <> 'VERIFIED' or decided_by <> acted_by),
  check (state <> 'ACCEPTED' or decided_by <> owner)
);
create index audit_finding_of on audit_finding (audit, id);
create index audit_finding_owner on audit_finding (owner, since, id) where state = 'OPEN';
create index audit_finding_acted on audit_finding (since, id) where state = 'ACTED';

grant select, insert, update on control_audit, audit_finding to "${runtime}";
