-- Rights that nobody certified in time: they give nothing, and are not over.
alter table access_right
  add column suspended_at timestamptz,
  add column certified_at timestamptz;
drop index access_right_live;
create unique index access_right_live on access_right (person_id, entitlement_id, ground, profile_id)
  nulls not distinct where state in ('REQUESTED', 'APPROVED', 'SUSPENDED');
drop index access_right_to_expire;
create index access_right_to_expire on access_right (valid_until) where state in ('APPROVED', 'SUSPENDED');
drop index access_right_profile;
create index access_right_profile on access_right (profile_id)
  where ground = 'PROFILE' and state in ('APPROVED', 'SUSPENDED');
-- Whoever approved a right certified it by that, the first time.
create index access_right_certified on access_right (coalesce(certified_at, decided_at), id)
  where state in ('APPROVED', 'SUSPENDED');
