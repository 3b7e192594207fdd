-- Controls whose query (by its digest) could not be asked: why, since when, and when it is tried again.
create table control_failure (
  rule     text        primary key collate "C",
  digest   text        not null,
  why      text        not null,
  since    timestamptz not null,
  retry_at timestamptz not null
);

grant select, insert, update, delete on control_failure to "${runtime}";
