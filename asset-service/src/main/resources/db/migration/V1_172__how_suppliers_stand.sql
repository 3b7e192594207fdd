-- How a supplier stands with the clauses that apply to it, and on which day; those that there are now are looked at by the next look.
alter table supplier
  add stood_on        date,
  add under_contract  boolean,
  add lacking_clauses text;
create index supplier_stood_on on supplier (stood_on) where state <> 'ENDED';
