-- When the directory had closed the account of a program the last time; null where it has none such. Statements alone write it, beside
-- the mark that goes: a program without mark is closed only where this says so.
alter table service_account add column closed_at timestamptz;
