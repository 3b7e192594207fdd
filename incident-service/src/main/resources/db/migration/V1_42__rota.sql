-- Who is on call from when until before when.
create table rota (
  id                uuid primary key,
  version           bigint      not null,
  event_number      bigint      not null,
  published_state   text        not null,
  person            text        not null,
  starts_at         timestamptz not null,
  ends_at           timestamptz not null,
  withdrawn_at      timestamptz,
  withdrawal_reason text,
  check (starts_at < ends_at),
  check ((withdrawn_at is null) = (withdrawal_reason is null)),
  exclude using gist (tstzrange(starts_at, ends_at) with &&) where (withdrawn_at is null)
);
create index rota_person on rota (person, id);

grant select, insert, update on rota to "${runtime}";
