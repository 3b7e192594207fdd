-- An asset that is back is not retired, and is decided about anew the next time.
alter table retention_decision
  add column ended_at timestamptz,
  add check (ended_at is null or cause = 'DISPOSAL');
drop index retention_of_disposal;
create unique index retention_of_disposal on retention_decision (asset) where cause = 'DISPOSAL' and ended_at is null;
drop index retention_unproven;
create index retention_unproven on retention_decision (keep_until, id) where proven_at is null and ended_at is null;
