-- What was public of an incident after each decision about it: what was known at a time is the last row until then. Added to alone.
create table incident_past (
  id          uuid primary key,
  incident    uuid        not null references incident,
  recorded_at timestamptz not null,
  state       text        not null
);
create index incident_past_at on incident_past (incident, recorded_at, id);

grant select, insert on incident_past to "${runtime}";

-- Of incidents of before it is known what is public of them now, and not since when.
insert into incident_past (id, incident, recorded_at, state)
select gen_random_uuid(), id, now(), published_state from incident;
