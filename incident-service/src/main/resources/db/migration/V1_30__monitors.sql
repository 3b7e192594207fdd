create table monitor (
  id               uuid primary key,
  version          bigint      not null,
  event_number     bigint      not null,
  published_state  text        not null,
  asset            uuid        not null,
  name             text        not null,
  type             text        not null,
  target           text        not null,
  every_seconds    int         not null check (every_seconds > 0),
  state            text        not null,
  created_at       timestamptz not null,
  failing_since    timestamptz,
  failures         int         not null,
  first_failure_at timestamptz,
  failure          text,
  probed_at        timestamptz,
  next_probe_at    timestamptz,
  check ((state = 'ACTIVE') = (next_probe_at is not null)),
  check (state = 'ACTIVE' or failing_since is null)
);
create index monitor_asset on monitor (asset, id);
create index monitor_next_probe on monitor (next_probe_at) where next_probe_at is not null;
create index monitor_failing on monitor (failing_since, id) where failing_since is not null;

-- Single results, for some days; each day that is older becomes a count and its results go.
create table monitor_result (
  id          uuid primary key,
  monitor     uuid        not null references monitor,
  at          timestamptz not null,
  good        boolean     not null,
  took_millis bigint,
  failure     text,
  check (good = (failure is null))
);
create index monitor_result_monitor on monitor_result (monitor, id);
create index monitor_result_at on monitor_result (at);

grant select, insert, update on monitor to "${runtime}";
grant select, insert, delete on monitor_result to "${runtime}";
