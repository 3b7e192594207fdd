-- What the log has signed: one checkpoint for each committed batch. An entry is published once a checkpoint covers it.
create table checkpoint (
  size      bigint      primary key,
  root      bytea       not null,
  note      text        not null,
  signed_at timestamptz not null
);
create trigger append_only before update or delete or truncate on checkpoint for each statement execute function refuse_change();

grant select, insert on checkpoint to "${runtime}";
