-- Up to which entry references were picked, and by which rules (their digest): beyond it they may have been picked by the rules of another
-- release, which does not move this on. Those that are missing are added from there.
alter table head
  add column picked bigint not null default 0,
  add column rules  text   not null default '';
