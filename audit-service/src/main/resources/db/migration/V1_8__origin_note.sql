-- A row of log_origin holds when a key of the log signed it: a note about the row, one for each set of keys that the log has had since.
create table origin_note (
  number int  not null references log_origin,
  note   text not null,
  primary key (number, note)
);
create trigger append_only before update or delete or truncate on origin_note for each statement execute function refuse_change();

grant select, insert on origin_note to "${runtime}";
