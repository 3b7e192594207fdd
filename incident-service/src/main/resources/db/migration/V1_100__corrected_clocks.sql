-- The clock that runs instead, where the agency became aware at another time than was said.
alter table notification_clock add column superseded_by uuid;
alter table notification_clock
  drop constraint notification_clock_check4,
  add check ((state in ('NOT_NOTIFIED', 'SUPERSEDED')) = (reason is not null)),
  add check ((state = 'SUPERSEDED') = (superseded_by is not null));

-- Of one notification one clock at most is not superseded.
drop index notification_clock_once;
create unique index notification_clock_once on notification_clock (incident, regime, step, client)
  nulls not distinct where state <> 'SUPERSEDED';

grant update (superseded_by) on notification_clock to "${runtime}";
