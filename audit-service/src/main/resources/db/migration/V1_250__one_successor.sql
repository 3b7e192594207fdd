-- A log has one successor: names begin each behind the one before it.
alter table log_origin add unique (predecessor);
