-- Which entries refer to a client, and to which: what decides whether an object is of another client as well. Partitions that
-- are attached later get it with that.
create index reference_client on reference (index) where object >= 'client/' and object < 'client0';
