-- Nothing that was done to a medium before counts.
alter table disposal add column approved_at timestamptz;
