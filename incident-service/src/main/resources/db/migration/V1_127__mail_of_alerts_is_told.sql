-- Of which alerts a notice tells, and until when mail of an alert was held back last: what others judge by whether mail came (R11.6, R11.7).
alter table notice add column alerts text not null default '';
alter table alert
  add column mail_held_until timestamptz,
  add column mail_held_by    uuid;
