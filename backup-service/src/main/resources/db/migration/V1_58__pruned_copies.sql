-- When a tool deleted the copy, as retention has it (R12.4).
alter table backup_run add column pruned_at timestamptz;
grant update (pruned_at) on backup_run to "${runtime}";
