-- That the operator made the first CISO: one row, which the service can neither change nor take away. Who comes at the same time waits for it.
create table first_ciso (
  made    boolean primary key default true check (made),
  made_at timestamptz not null
);
grant select, insert on first_ciso to "${runtime}";
