-- Clients whose contract ended, for assets that are learnt of or backed up later.
create table ended_client (
  client uuid primary key,
  due_on date not null
);
grant select, insert, update on ended_client to "${runtime}";
-- Those of which something was decided; a decision ends with the last day.
insert into ended_client
select client, max((keep_until at time zone 'UTC')::date - 1) from retention_decision where client is not null group by client;
