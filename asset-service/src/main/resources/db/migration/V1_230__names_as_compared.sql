-- Components and advisories meet by the name as its ecosystem compares names, however it was written; package URLs stay as they were.
-- Replicas of the release before write names as they were written, beside this one and after a rollback.
create function name_as_compared() returns trigger language plpgsql as $$
begin
  if new.type in ('alpm', 'apk', 'composer', 'hex', 'luarocks', 'nuget', 'oci', 'pub') then
    new.namespace = lower(new.namespace);
    new.name = lower(new.name);
  elsif new.type = 'pypi' then
    new.name = regexp_replace(new.name, '[-_.]+', '-', 'g');
  end if;
  if tg_table_name = 'component' then -- matching takes them line by line
    new.version = replace(new.version, chr(10), ' ');
    new.distro = replace(new.distro, chr(10), ' ');
  end if;
  return new;
end
$$;
create trigger name_as_compared before insert on component for each row execute function name_as_compared();
create trigger name_as_compared before insert on affected_package for each row execute function name_as_compared();
update component set version = replace(version, chr(10), ' '), distro = replace(distro, chr(10), ' ')
  where strpos(version, chr(10)) > 0 or strpos(distro, chr(10)) > 0;
update component set namespace = lower(namespace), name = lower(name)
  where type in ('alpm', 'apk', 'composer', 'hex', 'luarocks', 'nuget', 'oci', 'pub')
    and (namespace <> lower(namespace) or name <> lower(name));
update component set name = regexp_replace(name, '[-_.]+', '-', 'g')
  where type = 'pypi' and name ~ '[_.]|--';
update affected_package set namespace = lower(namespace), name = lower(name)
  where type in ('alpm', 'apk', 'composer', 'hex', 'luarocks', 'nuget', 'oci', 'pub')
    and (namespace <> lower(namespace) or name <> lower(name));
update affected_package set name = regexp_replace(name, '[-_.]+', '-', 'g')
  where type = 'pypi' and name ~ '[_.]|--';
