-- Accounts of programs are reviewed too (R4.7): an item is about a right, or about one of them.
alter table service_account
  add column registered_at timestamptz not null default now(),
  add column certified_at  timestamptz;
alter table service_account alter column registered_at drop default;
drop index service_account_to_end;
create index service_account_to_end on service_account (valid_until) where state <> 'ENDED';

alter table review
  alter column right_id drop not null,
  alter column entitlement_id drop not null,
  add column service_account_id uuid references service_account,
  add constraint review_about_one check (num_nonnulls(right_id, service_account_id) = 1),
  add check ((right_id is null) = (entitlement_id is null)),
  add unique (campaign_id, service_account_id);
create index review_service_account on review (service_account_id) where state = 'PENDING';

-- One that nobody certified is closed in the directory as one that ended is.
drop trigger directory_program_ended on service_account;
create constraint trigger directory_program_closed after update on service_account
  deferrable initially deferred for each row
  when (new.state <> 'ACTIVE' and old.state <> new.state)
  execute function directory_mark_program();
