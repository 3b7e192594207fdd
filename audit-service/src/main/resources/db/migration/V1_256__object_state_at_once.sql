-- What names an object is looked for by each rule that it matters to, for each event, while others are written: each look read the whole
-- list of what is not in the index yet, of up to 4 MB, 0.6 ms for some 90 pages of it instead of a few microseconds. Without that list an
-- object that is written costs 5 µs more.
alter index object_state set (fastupdate = off);
select gin_clean_pending_list('object_state');
