-- Lists of components are filtered by type alone, too: of a type that few have, all components would be read otherwise.
create index component_type on component (type);
