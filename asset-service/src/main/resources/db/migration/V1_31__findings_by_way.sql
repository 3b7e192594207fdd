-- What should not be on one way is one finding, whatever the ports.
alter table network_finding add column ports int[], add column more_ports boolean not null default false;
update network_finding set ports = array[port];
alter table network_finding alter column ports set not null;
drop index network_finding_open;
alter table network_finding drop column port;
