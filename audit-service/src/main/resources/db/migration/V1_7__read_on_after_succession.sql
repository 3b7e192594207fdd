-- After a succession: where to go on once entry 0 of the new log, the succession itself, was read. Null otherwise.
alter table siem_position add column resume_at bigint check (resume_at >= 1);
alter table detection add column resume_at bigint check (resume_at >= 1);
