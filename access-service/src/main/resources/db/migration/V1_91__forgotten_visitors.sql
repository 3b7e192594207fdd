-- Who came is forgotten when the time for which it is kept is over; what doors told is deleted.
alter table visit alter column visitor drop not null;
create index visit_named on visit (id) where visitor is not null;
grant delete on passage to "${runtime}";
