-- The key of the mail that told of an alert with many others: one mail says of all of them that they are over.
alter table alert add column told_with text;
create index alert_told_with on alert (told_with) where told_with is not null;
