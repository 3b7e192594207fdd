-- Files of security events, and evidence of incidents. Contents stand in the file store, by their SHA-256.
create table attachment (
  id              uuid primary key,
  version         bigint      not null,
  event_number    bigint      not null,
  published_state text        not null,
  security_event  uuid references security_event,
  incident        uuid references incident,
  name            text        not null,
  media_type      text        not null,
  extension       text        not null,
  size            bigint      not null,
  sha256          text        not null,
  scanned         boolean     not null,
  added_by        text        not null,
  added_at        timestamptz not null,
  holder          text,
  checked_at      timestamptz,
  intact          boolean,
  check ((security_event is null) <> (incident is null)),
  check ((incident is null) = (holder is null)),
  check ((checked_at is null) = (intact is null))
);
create index attachment_security_event on attachment (security_event, id) where security_event is not null;
create index attachment_incident on attachment (incident, id) where incident is not null;
create index attachment_sha256 on attachment (sha256, id);

-- Evidence of the work: added to, never changed, which is why no update or delete is granted.
create table custody_step (
  id             uuid primary key,
  attachment     uuid        not null references attachment,
  from_holder    text        not null,
  to_holder      text        not null,
  purpose        text        not null,
  reason         text        not null,
  handed_over_at timestamptz not null,
  recorded_by    text        not null
);
create index custody_step_attachment on custody_step (attachment, id);

grant select, insert, update on attachment to "${runtime}";
grant select, insert on custody_step to "${runtime}";
