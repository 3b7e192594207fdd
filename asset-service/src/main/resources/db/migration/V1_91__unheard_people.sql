-- Of whom access-service has told, and to whom something was given of whom it has not. People who came before this was kept, and have no account,
-- are heard of with the next snapshots.
create table heard_person (
  person_id uuid primary key
);
insert into heard_person select person_id from person_account union select person_id from departed_person;
create table unheard_person (
  person_id uuid primary key,
  since     timestamptz not null
);
grant select, insert on heard_person to "${runtime}";
grant select, insert, delete on unheard_person to "${runtime}";
