-- Who is to be called at a supplier is forgotten when the supplier ends.
alter table supplier
  alter column contact_name drop not null,
  alter column contact_email drop not null;
update supplier set contact_name = null, contact_email = null, contact_phone = null where state = 'ENDED';
alter table supplier
  add check (state = 'ENDED' or contact_name is not null and contact_email is not null);
