-- Since when a client is one no more: what still serves it waits from then on. Of those that had ended before, nobody kept when.
alter table known_client add column ended_at timestamptz;
update known_client set ended_at = now() where ended;
alter table known_client drop column ended;
create index known_client_ended on known_client (ended_at) where ended_at is not null;
