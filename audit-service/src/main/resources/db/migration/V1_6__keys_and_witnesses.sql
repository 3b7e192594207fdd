-- Keys that were announced to take over from another: each once.
create table log_key (
  id           text        primary key,
  vkey         text        not null,
  announced_at timestamptz not null
);

-- What outsiders signed after they had checked that a checkpoint extends the last one they saw: a signature line of the note.
create table cosignature (
  size      bigint      not null references checkpoint,
  witness   text        not null,
  line      text        not null,
  signed_at timestamptz not null,
  primary key (size, witness)
);
create trigger append_only before update or delete or truncate on log_key for each statement execute function refuse_change();
create trigger append_only before update or delete or truncate on cosignature for each statement execute function refuse_change();

grant select, insert on log_key, cosignature to "${runtime}";

-- The logs that this database has held after its first: each succeeded another, which is kept in the schema predecessor_<number>.
create table log_origin (
  number      int         primary key,
  origin      text        not null unique,
  predecessor text        not null,
  since       timestamptz not null
);
create trigger append_only before update or delete or truncate on log_origin for each statement execute function refuse_change();

grant select on log_origin to "${runtime}";
