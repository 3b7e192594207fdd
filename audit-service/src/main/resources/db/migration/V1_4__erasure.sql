-- Under which of whose keys a payload and its salt are encrypted, both null where they are in plain. The keys are not in this database.
alter table payload
  add column person text collate "C",
  add column key    int;
create index payload_person on payload (person, key) where person is not null;

-- Other ids by which a person is known, as their own events told: an erasure that names one finds the others, and removes what it found here.
create table person_alias (
  person text not null collate "C",
  id     text not null collate "C",
  primary key (person, id)
);
create index person_alias_id on person_alias (id);

-- What was ordered, by whom and why, and the keys that it destroys: key_numbers[i] of people[i], all that there ever were when it was ordered.
-- done_at is null until they are destroyed and the derived texts removed.
create table erasure (
  id          uuid        primary key,
  ids         text[]      not null,
  reason      text        not null,
  legal_basis text,
  reference   text        not null,
  ordered_by  text        not null,
  ordered_at  timestamptz not null,
  people      text[]      not null,
  key_numbers int[]       not null,
  payloads    bigint,
  done_at     timestamptz
);
create index erasure_open on erasure (id) where done_at is null;

grant select, insert, delete on person_alias to "${runtime}";
grant select, insert on erasure to "${runtime}";
grant update (payloads, done_at) on erasure to "${runtime}";
