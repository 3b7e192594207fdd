-- Of whom it was forgotten who they are; name and address are placeholders then. The address may be somebody else's from then on, whom nobody takes for them:
-- the id, and that of the account, name one person for ever, and no address ever does.
-- What is kept of address and number are digests: by these a table of people that still has somebody who was erased is known.
alter table person
  add column erased_at     timestamptz,
  add column erased_email  text,
  add column erased_number text,
  add check (erased_at is null or state = 'LEFT');
create index person_to_erase on person (left_at, id) where state = 'LEFT' and erased_at is null;
create index person_erased_email on person (erased_email) where erased_email is not null;
create index person_erased_number on person (erased_number) where erased_number is not null;

-- Of this installation alone, so that a digest says nothing to whoever has not this database.
create table erasure_salt (
  salt bytea not null
);
insert into erasure_salt values (uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()));
grant select on erasure_salt to "${runtime}";

create function erased_digest(said text) returns text language sql stable as $$
  select encode(sha256(salt || convert_to(lower(said), 'UTF8')), 'hex') from erasure_salt
$$;

create function remember_erased() returns trigger language plpgsql as $$
begin
  new.erased_email := erased_digest(old.email);
  new.erased_number := erased_digest(old.employee_number);
  return new;
end $$;
create trigger person_erased before update on person for each row
  when (old.erased_at is null and new.erased_at is not null) execute function remember_erased();

-- When an account was used goes with its holder.
grant delete on last_sign_in to "${runtime}";
