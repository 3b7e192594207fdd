-- Which group an alert belongs to, by the terms that the policy named when it fired.
alter table alert add column group_key text;
update alert set group_key = source || ' ' || rule;
alter table alert alter column group_key set not null;
create index alert_group on alert (group_key, id);
create index alert_group_open on alert (group_key, id) where state <> 'RESOLVED';

-- Groups of which so many alerts fire that mail tells of them together; a row goes when all of it is over.
create table alert_storm (
  id           uuid primary key,
  group_key    text        not null unique,
  severity     text        not null,
  since        timestamptz not null,
  mails        int         not null,
  next_mail_at timestamptz not null
);

grant select, insert, update, delete on alert_storm to "${runtime}";
