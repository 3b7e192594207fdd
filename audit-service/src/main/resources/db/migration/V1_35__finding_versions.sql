-- Whoever changes a finding says which version they read.
alter table audit_finding add column version bigint not null default 0;
