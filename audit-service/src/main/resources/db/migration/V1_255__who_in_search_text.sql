-- Who did it and which service told it are found as words are, in rows of several entries that came together: an index of all entries
-- costs each of them a place in it. They are no words, which have no colon. Rows are stored in the order of the log, as search_text_entry
-- wants them, and a partition at a time.
do $$
declare
  width constant bigint := 4194304;
  number bigint;
begin
  for number in select generate_series(0, max(index) / width) from entry loop
    insert into search_text (word, index, more)
    select word, min(index), nullif((array_agg((index - first)::int2 order by index))[2:], '{}')
    from (
      select word, index, part, min(index) over (partition by word, index / 4096, part) as first
      from (
        select word, index, (row_number() over (partition by word, index / 4096 order by index) - 1) / 64 as part
        from entry cross join lateral (values ('actor:' || actor), ('source:' || source)) keys (word)
        where word is not null and index >= number * width and index < (number + 1) * width) numbered) placed
    group by word, index / 4096, part
    order by index / 4096, word;
  end loop;
end
$$;
drop index entry_actor;
drop index entry_source;

-- They stand in the entry itself, and in a row with entries that nobody erases: who erases words leaves them, as a release before
-- that knows only of words does.
create function keep_who() returns trigger language plpgsql as $$
begin
  return null;
end
$$;
create trigger keep_who before delete on search_text for each row when (position(':' in old.word) > 0) execute function keep_who();
