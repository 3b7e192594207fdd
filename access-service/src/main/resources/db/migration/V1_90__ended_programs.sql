-- The account of a program that has ended is closed in the directory. Whatever ends one marks it, as whatever writes people marks them.
create function directory_mark_program() returns trigger language plpgsql as $$
begin
  insert into directory_change (account, urgent, since) values (new.subject, true, now())
    on conflict (account) do update set mark = directory_change.mark + 1, next_at = null, urgent = true;
  return null;
end $$;
create constraint trigger directory_program_ended after update on service_account
  deferrable initially deferred for each row
  when (new.state = 'ENDED' and old.state <> 'ENDED')
  execute function directory_mark_program();

-- Those that ended before.
insert into directory_change (account, urgent, since) select subject, true, now() from service_account where state = 'ENDED'
  on conflict (account) do nothing;
