-- Accounts that the directory told a change of, or that could not be judged when they were looked at.
create table directory_examination (
  account text   primary key,
  mark    bigint not null generated always as identity
);
grant select, insert, update, delete on directory_examination to "${runtime}";
