-- As search_text has it: the verification compares the references of each stretch of entries with what they say.
create index reference_entry on reference using brin (index) with (pages_per_range = 16);
