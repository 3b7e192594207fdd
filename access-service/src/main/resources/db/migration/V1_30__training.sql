create table course (
  id                uuid primary key,
  version           bigint      not null,
  event_number      bigint      not null,
  published_state   text        not null,
  code              text        not null,
  title_fr          text        not null,
  title_en          text        not null,
  rules             text[]      not null,
  everyone          boolean     not null,
  profiles          text[]      not null,
  content_reference text        not null,
  content_version   text        not null,
  content_sha256    text,
  first_within_days int         not null,
  validity_months   int         not null,
  remind_days       int         not null,
  self_study        boolean     not null,
  required_from     date        not null,
  state             text        not null,
  created_at        timestamptz not null
);
-- For ever: the code stands on certificates.
create unique index course_code on course (code);

create table attendance (
  id              uuid primary key,
  version         bigint      not null,
  event_number    bigint      not null,
  published_state text        not null,
  person_id       uuid        not null references person,
  course_id       uuid        not null references course,
  content_version text        not null,
  attended_on     date        not null,
  valid_until     date,
  way             text        not null,
  certificate     text        not null,
  recorded_by     text        not null,
  recorded_at     timestamptz not null,
  receipt         uuid        not null,
  annulled_by     text,
  annulled_at     timestamptz,
  annulled_reason text
);
create unique index attendance_certificate on attendance (certificate);
create unique index attendance_once on attendance (person_id, course_id, attended_on) where annulled_at is null;
create index attendance_person on attendance (person_id, id);
create index attendance_course on attendance (course_id, id);

-- Times during which somebody was overdue, so that each is told once.
create table training_lapse (
  id              uuid primary key,
  version         bigint      not null,
  event_number    bigint      not null,
  published_state text        not null,
  person_id       uuid        not null references person,
  course_id       uuid        not null references course,
  due_on          date        not null,
  stage           text        not null,
  overdue_at      timestamptz not null,
  ended_at        timestamptz
);
create unique index training_lapse_open on training_lapse (person_id, course_id) where stage = 'OVERDUE';

grant select, insert, update on course, attendance, training_lapse to "${runtime}";
