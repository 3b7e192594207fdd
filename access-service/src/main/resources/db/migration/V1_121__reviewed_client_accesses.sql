-- Accesses to clients' data are reviewed too (R10.3): an item is about one of three.
alter table client_access add column certified_at timestamptz;

alter table review
  add column client_access_id uuid references client_access,
  drop constraint review_about_one,
  add constraint review_about_one check (num_nonnulls(right_id, service_account_id, client_access_id) = 1),
  add unique (campaign_id, client_access_id);
create index review_client_access on review (client_access_id) where state = 'PENDING';
