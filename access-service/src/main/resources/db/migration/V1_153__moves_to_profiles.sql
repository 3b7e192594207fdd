-- What somebody does from a day on is told ahead as well.
alter table person
  add column next_business_profile text,
  drop constraint person_check,
  add constraint person_move check ((moves_on is null)
    = (num_nonnulls(next_manager_id, next_site_id, next_business_profile) = 0));
