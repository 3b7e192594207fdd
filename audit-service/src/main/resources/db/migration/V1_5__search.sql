-- The words of an entry that free text finds, and the objects it refers to, as rules under contracts/search pick them
-- from its payload. Both are lists by key in the order of the log, as the indexes of entry are: a search walks several at once.
create table search_text (
  word  text   collate "C" not null,
  index bigint not null,
  primary key (word, index)
) partition by range (index);
-- Words are erased by entry. They come in the order of the log, so a summary of each block range leads to them.
create index search_text_entry on search_text using brin (index) with (pages_per_range = 16);

-- The object as kind/id.
create table reference (
  object text   collate "C" not null,
  index  bigint not null,
  primary key (object, index)
) partition by range (index);

-- Makes the partitions for the next 8 million entries and more, where they are missing: the runtime role may ask for them
-- and can make no other table. Attached once complete, so nobody who reads or appends waits.
create function make_partitions() returns void
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
        execute format('create table %I (like %I)', part, parent);
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
revoke all on function make_partitions() from public;
grant execute on function make_partitions() to "${runtime}";
select make_partitions();

create trigger append_only before update or delete or truncate on reference for each statement execute function refuse_change();
create trigger append_only before update or truncate on search_text for each statement execute function refuse_change();

grant select, insert on reference to "${runtime}";
grant select, insert, delete on search_text to "${runtime}";
