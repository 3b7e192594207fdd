-- Components and advisories meet by the name as its ecosystem compares names, however it was written; package URLs stay as they were.
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
