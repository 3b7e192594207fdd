-- Which end of which right its holder was reminded of: nobody is twice, whichever replica looks.
create table right_reminder (
  right_id    uuid        not null references access_right,
  valid_until timestamptz not null,
  reminded_at timestamptz not null,
  primary key (right_id, valid_until)
);
grant select, insert on right_reminder to "${runtime}";
