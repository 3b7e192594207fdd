-- logged_at never decreases along the log: halving finds where a time begins, and no append has to keep an index for it.
drop index entry_logged;
