-- The last thousand entries that are published, of the last day: from when each happened until the log had it.
select 'entry' as kind, e.index as id, greatest(extract(epoch from e.logged_at - e.event_time), 0) as amount, e.event_id as event
from (select max(size) as size from checkpoint) published
join entry e on e.index >= published.size - 1000 and e.index < published.size
where e.event_time is not null and e.logged_at > :now - interval '1 day'
