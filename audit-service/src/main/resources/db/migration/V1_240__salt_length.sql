-- Nothing parts a salt from its payload in commitment = SHA-256(salt || body), so the salt's length must: bytes cannot be moved
-- between the two. Where a payload is under a person's key, destroyed or not, both columns are sealed, and who opens them sees.
-- Not valid: to look at what is there would keep everybody from the log as long as that takes, and one damaged row would keep
-- the service from starting. Each verification of the log looks at it; what is added from here on is held to it.
alter table payload
  add constraint payload_salt_length check (key is not null or octet_length(salt) = 32) not valid;

-- As before (V1_5), and new partitions have the checks of what they become a part of, without which none is attached.
create or replace function make_partitions() returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  width constant bigint := 4194304;
  number bigint;
  parent text;
  part text;
begin
  perform pg_advisory_xact_lock(hashtext('make_partitions'));
  for number in select size / width + ahead from head, generate_series(0, 2) ahead loop
    foreach parent in array array['entry', 'payload', 'search_text', 'reference'] loop
      part := parent || '_' || number;
      if to_regclass(part) is null then
        execute format('create table %I (like %I including constraints)', part, parent);
        -- Of search_text, words may go with what they were taken from.
        if parent <> 'search_text' then
          execute format('create trigger append_only before update or delete or truncate on %I
            for each statement execute function refuse_change()', part);
        end if;
        execute format('alter table %I attach partition %I for values from (%s) to (%s)',
          parent, part, number * width, (number + 1) * width);
      end if;
    end loop;
  end loop;
end
$$;
