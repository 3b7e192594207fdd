-- Of whom it was forgotten who they are; name and address are placeholders then.
alter table person
  add column erased_at timestamptz,
  add check (erased_at is null or state = 'LEFT');
create index person_to_erase on person (left_at, id) where state = 'LEFT' and erased_at is null;
-- When an account was used goes with its holder.
grant delete on last_sign_in to "${runtime}";
