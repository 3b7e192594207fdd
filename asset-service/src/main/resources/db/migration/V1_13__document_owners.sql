-- Documents whose owner left need another.
alter table document add column reassign_since timestamptz, add column reassign_by timestamptz;
create index document_reassign on document (reassign_since, id) where reassign_since is not null;
