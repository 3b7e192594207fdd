-- The entry that each SIEM gets next: all before it have arrived there. Who sends holds the row's lock.
create table siem_position (
  target     text        primary key,
  next_index bigint      not null check (next_index >= 0),
  moved_at   timestamptz not null
);

grant select, insert, update on siem_position to "${runtime}";
