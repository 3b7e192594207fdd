-- That somebody attested a rule that no machine can decide, until when that counts, and what ended it before; a rule has one that is not ended.
create table control_attestation (
  id              uuid primary key,
  version         bigint      not null,
  event_number    bigint      not null,
  published_state text        not null,
  rule            text        not null,
  basis           text        not null,
  statement       text        not null,
  given_by        text        not null,
  given_at        timestamptz not null,
  valid_until     timestamptz not null,
  ended_at        timestamptz,
  end_reason      text,
  check (given_at < valid_until),
  check (end_reason is null or ended_at is not null),
  -- Deferred: the one that replaces another is stored before that one is ended.
  constraint control_attestation_standing exclude using btree (rule with =) where (ended_at is null) deferrable initially deferred
);
create index control_attestation_rule on control_attestation (rule, id);

grant select, insert, update on control_attestation to "${runtime}";
