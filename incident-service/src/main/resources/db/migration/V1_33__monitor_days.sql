-- What single results came to, once they are gone. Their days are those of UTC.
create table monitor_day (
  monitor     uuid   not null references monitor,
  day         date   not null,
  results     int    not null check (results > 0),
  good        int    not null check (good between 0 and results),
  timed       int    not null,
  took_millis bigint not null,
  primary key (monitor, day)
);

grant select, insert, update on monitor_day to "${runtime}";
