-- How each clock is counted, so that a correction counts as the clock did, whatever the policy says by then.
alter table notification_clock add column counted_from text, add column within text, add column zone text;

-- What the policy said until now.
update notification_clock set
  zone = 'Europe/Paris',
  counted_from = case step when 'final-report' then 'notification' when 'account' then 'management' else 'AWARENESS' end,
  within = case step
    when 'final-report' then 'P1M'
    when 'account' then 'P14D'
    else 'PT' || round(extract(epoch from due_at - starts_at) / 3600) || 'H' end;

alter table notification_clock
  alter column counted_from set not null,
  alter column within set not null,
  alter column zone set not null;
