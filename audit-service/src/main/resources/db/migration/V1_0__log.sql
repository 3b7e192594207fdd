-- The log proper: rows are added, never changed. The runtime role cannot, the triggers will not, and
-- whoever can get round both (a superuser) breaks the proofs.

-- What the tree hashes: leaf = SHA-256(0x00 || canonical). The other columns repeat what stands in it, for search.
create table entry (
  index         bigint      primary key,
  canonical     bytea       not null,
  leaf          bytea       not null,
  event_id      uuid,
  source        text        collate "C",
  type          text        collate "C",
  subject       text        collate "C",
  actor         text        collate "C",
  event_time    timestamptz,
  event_number  bigint,
  source_number bigint,
  alert         text        collate "C",
  logged_at     timestamptz not null
) partition by range (index);
-- Each filter of a search is followed by the index, so that a page is read in order and stays as cheap as the first.
create index entry_actor on entry (actor, index);
create index entry_subject on entry (subject, index);
create index entry_type on entry (type, index);
create index entry_source on entry (source, index);
-- Events that came under the id of another: event_id does not lead to them, and they too may come again.
create index entry_reused on entry (event_id, source_number) where alert = 'id-reused';
create index entry_alert on entry (index) where alert is not null;
-- logged_at never decreases along the index, so a time becomes a range of indexes. Events whose own time is far from when
-- they were logged are the exceptions, and have indexes of their own.
create index entry_logged on entry (logged_at, index);
create index entry_early on entry (event_time, index) where event_time - logged_at > interval '5 minutes';
create index entry_late on entry (event_time, index) where logged_at - event_time > interval '1 hour';

-- What an entry commits to: commitment = SHA-256(salt || body). Beside the log, so that it can be erased without breaking a proof.
create table payload (
  index bigint primary key,
  salt  bytea  not null,
  body  bytea  not null
) partition by range (index);

-- Full tiles of 256 hashes, with the root of the subtree that they span, which is a hash of the tile above.
create table tile (
  level  int    not null,
  index  bigint not null,
  hashes bytea  not null,
  root   bytea  not null,
  primary key (level, index)
);

-- Which events are in: a table of its own, because a unique id cannot live on a table that is partitioned by index.
create table event_id (
  id    uuid   primary key,
  index bigint not null
) partition by hash (id);

-- What was wrong with an entry when it came in.
create table alert (
  index     bigint      primary key,
  kind      text        not null,
  detail    text        not null,
  raised_at timestamptz not null
);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'the log is append-only: % on % is refused', tg_op, tg_table_name using errcode = 'insufficient_privilege';
end
$$;

do $$
declare
  name text;
begin
  for i in 0..7 loop
    execute format('create table event_id_%s partition of event_id for values with (modulus 8, remainder %s)', i, i);
  end loop;
  for name in select relname from pg_class
      where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p')
        and relname ~ '^(entry|payload|tile|alert|event_id(_[0-7])?)$' loop
    execute format('create trigger append_only before update or delete or truncate on %I for each statement execute function refuse_change()', name);
  end loop;
end
$$;

-- How far the log is: its size, the roots of the complete subtrees on the right edge of the tree, and the root. One row; who appends holds its lock.
create table head (
  one        boolean     primary key default true check (one),
  size       bigint      not null,
  edge       bytea       not null,
  root       bytea       not null,
  updated_at timestamptz not null
);
insert into head (size, edge, root, updated_at)
values (0, '', '\xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855', now());

-- The next record of each partition. Moved in the transaction that logs what came before it; the broker's own offsets are never used.
create table log_offset (
  topic       text   not null,
  partition   int    not null,
  next_offset bigint not null,
  primary key (topic, partition)
);

-- The numbers that each source gave its events, as ranges; the last number it announced in a heartbeat; the first one missing;
-- and the time until which, by its own word, it has sent everything.
create table source (
  name          text           primary key,
  numbers       int8multirange not null default '{}',
  announced     bigint         not null default 0,
  first_missing bigint,
  missing_since timestamptz,
  heard_at      timestamptz,
  sent_until    timestamptz
);

grant select, insert on entry, payload, tile, event_id, alert to "${runtime}";
grant select, update on head to "${runtime}";
grant select, insert, update on log_offset, source to "${runtime}";
