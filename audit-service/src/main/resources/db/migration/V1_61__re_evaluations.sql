-- That somebody asks of a rule's control whether it is still right (R15.1), and what they found.
create table re_evaluation (
  id              uuid primary key,
  version         bigint      not null,
  event_number    bigint      not null,
  published_state text        not null,
  rule            text        not null,
  due_at          timestamptz not null,
  stage           text        not null,
  threats         text,
  risks           text,
  law             text,
  scope           text,
  decision        text,
  reason          text,
  planned_at      timestamptz not null,
  answered_by     text,
  answered_at     timestamptz,
  check (planned_at < due_at),
  check (num_nonnulls(threats, risks, law, scope, decision, reason, answered_by, answered_at)
    = case stage when 'ANSWERED' then 8 else 0 end)
);
create unique index re_evaluation_open on re_evaluation (rule) where stage = 'OPEN';
create index re_evaluation_due on re_evaluation (due_at, id) where stage = 'OPEN';
create index re_evaluation_rule on re_evaluation (rule, id);

grant select, insert, update on re_evaluation to "${runtime}";
