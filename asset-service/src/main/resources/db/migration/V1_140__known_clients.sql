-- Whom access-service has told of as clients, and who is one no more. In any order: once a client has ended, it has.
create table known_client (
  client_id uuid primary key,
  ended     boolean not null
);
grant select, insert, update on known_client to "${runtime}";
