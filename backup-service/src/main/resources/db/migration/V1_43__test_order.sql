-- When the last test that counts for a run's copy ended: an older one that is told later changes nothing.
alter table backup_run add column tested_at timestamptz;
grant update (tested_at) on backup_run to "${runtime}";
update backup_run r
set tested_at = (select max(t.ended_at) from restore_test t where t.run = r.id and t.stage = 'COMPLETED')
where recovery_point <> 'UNVERIFIED';
