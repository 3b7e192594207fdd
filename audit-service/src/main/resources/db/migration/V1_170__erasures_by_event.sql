-- Which person.erased.v1 an erasure answers, so that each is answered once, whichever replica sees it first.
alter table erasure add column event uuid;
create unique index erasure_event on erasure (event);
