-- Which components bear a name is read from one index alone, by matching and by lists. A row of it holds a package URL, of at most
-- 1,000 characters and none but ASCII, and what was decoded from it: less than the 2,704 bytes that a row of an index can have.
create index component_named on component (name, namespace, type) include (id, version, distro, purl);
drop index component_package;
drop index component_name;
