-- To whom the checkpoint of a day was mailed: nobody gets a second one, whichever replica sends.
create table checkpoint_mail (
  day       date        not null,
  recipient text        not null,
  size      bigint      not null,
  sent_at   timestamptz not null,
  primary key (day, recipient)
);

grant select, insert on checkpoint_mail to "${runtime}";
