-- Words are in plain, and an erasure deletes those of the log in force alone: what successions before this release kept of others goes.
do $$
declare
  archive text;
begin
  for archive in select nspname from pg_namespace where nspname ~ '^predecessor_[0-9]+$' loop
    execute format('drop table if exists %I.search_text', archive);
  end loop;
end
$$;
