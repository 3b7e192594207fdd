-- Lists (rules, profiles) are the lines of one column.
create table document (
  id                uuid primary key,
  version           bigint      not null,
  event_number      bigint      not null,
  published_state   text        not null,
  title_fr          text        not null,
  title_en          text        not null,
  kind              text        not null,
  owner             uuid        not null,
  rules             text        not null,
  everyone          boolean     not null,
  profiles          text        not null,
  review_months     int         not null check (review_months between 1 and 60),
  state             text        not null,
  versions          int         not null,
  pending           uuid,
  current           uuid,
  current_number    int,
  current_author    text,
  acknowledge_from  int,
  acknowledge_since timestamptz,
  reviewed_at       timestamptz,
  review_due        timestamptz,
  registered_at     timestamptz not null
);
create index document_state on document (state, id);
create index document_owner on document (owner, id);
create index document_review_due on document (review_due, id) where review_due is not null;
create index document_for_everyone on document (acknowledge_since, id)
  where state = 'IN_FORCE' and everyone;

-- Once for each digest, whoever submits the same bytes how often.
create table document_content (
  sha256  text  primary key,
  content bytea not null
);
-- PDF is compressed by itself, and texts are small.
alter table document_content alter column content set storage external;

create table document_version (
  id           uuid primary key,
  document     uuid        not null references document,
  number       int         not null,
  decision     text        not null,
  sha256       text        not null references document_content,
  format       text        not null,
  bytes        int         not null,
  minor        boolean     not null,
  note         text        not null,
  author       text        not null,
  submitted_at timestamptz not null,
  decided_by   text,
  decided_at   timestamptz,
  reason       text,
  unique (document, number)
);
create index document_version_to_approve on document_version (submitted_at, id)
  where decision = 'SUBMITTED';

create table acknowledgement (
  id               uuid primary key,
  version          bigint      not null,
  event_number     bigint      not null,
  published_state  text        not null,
  document         uuid        not null references document,
  document_version uuid        not null references document_version,
  number           int         not null,
  account          text        not null,
  acknowledged_at  timestamptz not null,
  unique (document_version, account)
);
create index acknowledgement_account on acknowledgement (document, account, number);
create index acknowledgement_document on acknowledgement (document, id);

grant select, insert, update on document, document_version to "${runtime}";
-- What somebody read and acknowledged stays as it was.
grant select, insert on document_content, acknowledgement to "${runtime}";
