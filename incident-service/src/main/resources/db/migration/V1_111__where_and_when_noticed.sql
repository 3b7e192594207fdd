-- Where what somebody reports is, in words, and when it was noticed.
alter table security_event
  add column place text,
  add column noticed_at timestamptz,
  add check (noticed_at >= occurred_at);
