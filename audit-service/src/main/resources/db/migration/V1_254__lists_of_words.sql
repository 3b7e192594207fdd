-- One row for the entries of a word that came together, not one each: which entries, after the first, say it too, counted from
-- it and in order. All of them are in one aligned stretch of 4,096, so that who looks for the row that an entry is in looks no further back. An
-- entry about a person has rows of its own, which an erasure deletes. Rows of before have none.
alter table search_text add column more int2[];
