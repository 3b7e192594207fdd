-- Accounts of which access-service has told, whoever has or had them. Of those that nobody has any more, only what is told from now on is known.
create table known_account (
  subject text primary key
);
insert into known_account select subject from person_account;
grant select, insert on known_account to "${runtime}";
