-- Who did it and which service told it are found as words are, in rows of several entries that came together: an index of all entries
-- costs each of them a place in it. They are no words, which have no colon, and no erasure deletes them: they stand in the entry itself.
insert into search_text (word, index, more)
select word, min(index), nullif((array_agg((index - first)::int2 order by index))[2:], '{}')
from (
  select word, index, part, min(index) over (partition by word, index / 4096, part) as first
  from (
    select word, index, (row_number() over (partition by word, index / 4096 order by index) - 1) / 64 as part
    from entry cross join lateral (values ('actor:' || actor), ('source:' || source)) keys (word)
    where word is not null) numbered) placed
group by word, index / 4096, part;
drop index entry_actor;
drop index entry_source;
