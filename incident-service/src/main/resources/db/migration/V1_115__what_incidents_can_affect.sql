-- Assets, clients and people of whom the other services have told, also of those that are no more: what an incident can
-- affect. What nobody publishes is null: the name of a person, for one.
create table affectable (
  id   uuid primary key,
  type text not null check (type in ('ASSET', 'CLIENT', 'PERSON')),
  kind text,
  name text
);
grant select, insert, update on affectable to "${runtime}";

-- What an incident affects, as each was known when it was named; those named until now as their ids say alone.
alter table incident add column affected_as_known text not null default '[]';
