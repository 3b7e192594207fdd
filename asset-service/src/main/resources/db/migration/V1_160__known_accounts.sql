-- Accounts of which access-service has told, whoever has or had them. Those that nobody has any more by now are heard of with the next snapshots.
create table known_account (
  subject text primary key
);
insert into known_account select subject from person_account;
grant select, insert on known_account to "${runtime}";
