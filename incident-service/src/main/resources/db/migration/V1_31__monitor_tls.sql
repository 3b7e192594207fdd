alter table monitor
  add grade      text,
  add findings   text,
  add tls_report text,
  add graded_at  timestamptz,
  add check ((grade is null) = (findings is null));
create index monitor_grade on monitor (grade, id) where grade is not null;
