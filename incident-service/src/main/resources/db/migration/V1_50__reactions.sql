-- What other services' events open here: how the reaction of a rule to one thing stands.
create table reaction (
  id             text primary key,
  at             timestamptz not null,
  is_open        boolean     not null,
  asset          uuid,
  security_event uuid references security_event
);
grant select, insert, update on reaction to "${runtime}";

-- The event, and the object it is about, that an alert or a security event follows from.
alter table alert
  add column cause_event   uuid,
  add column cause_subject text;
alter table security_event
  add column cause_event   uuid,
  add column cause_subject text;

-- Lost assets are a reaction like others now, and what was worked of them is not worked again.
update inbox set listener = 'reactions' where listener = 'lost-assets';
update parked set listener = 'reactions' where listener = 'lost-assets';
