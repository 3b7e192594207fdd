-- Who answered for the object when it turned; nobody said so of turns of before.
alter table verdict_turn add column owner text;
