-- Whoever decided until when copies are kept does not prove alone that they are gone.
alter table retention_decision add column decided_by text;
-- Which copies are still there.
create index retention_proven on retention_decision (asset, proven_at) where proven_at is not null;
