-- How much evidence was asked for in an audit, and how much of that waits for an answer.
alter table control_audit
  add column requests   int not null default 0,
  add column unanswered int not null default 0,
  add check (unanswered between 0 and requests);

-- What an auditor asks for, and what they are answered: a text, entries of the log by their indexes, and objects as <kind>/<id>.
-- Who asked never answers (R4.6).
create table evidence_request (
  id          uuid primary key,
  version     bigint      not null,
  audit       uuid        not null references control_audit,
  rule        text,
  object      text,
  text        text        not null,
  asked_by    text        not null,
  asked_at    timestamptz not null,
  due_at      timestamptz not null,
  assignee    text,
  state       text        not null,
  since       timestamptz not null,
  answer      text,
  entries     bigint[]    not null,
  objects     text[]      not null,
  answered_by text,
  answered_at timestamptz,
  reason      text,
  check ((answered_at is null) = (answered_by is null) and (answered_at is null) = (answer is null)),
  check (state not in ('ANSWERED', 'ACCEPTED') or answered_at is not null),
  check (assignee <> asked_by),
  check (answered_by <> asked_by)
);
create index evidence_request_of on evidence_request (audit, id);
create index evidence_request_asked on evidence_request (since, id) where state = 'ASKED';
create index evidence_request_assignee on evidence_request (assignee, since, id) where state = 'ASKED';
create index evidence_request_answered on evidence_request (asked_by, since, id) where state = 'ANSWERED';

grant select, insert, update on evidence_request to "${runtime}";
