-- Web properties of the inventory, as asset-service tells of them: each is watched while it is in service.
create table web_property (
  asset      uuid primary key,
  name       text    not null,
  url        text,
  in_service boolean not null
);

grant select, insert, update, delete on web_property to "${runtime}";
