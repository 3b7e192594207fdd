-- What business profiles are called and who holds which, as access-service told. In any order: each is known by itself.
create table business_profile (
  profile_id uuid primary key,
  name       text not null
);
create table held_profile (
  assignment_id uuid primary key,
  person_id     uuid    not null,
  profile_id    uuid    not null,
  is_current    boolean not null
);
create index held_profile_person on held_profile (person_id) where is_current;
create index document_for_profiles on document (acknowledge_since, id)
  where state = 'IN_FORCE' and not everyone;
grant select, insert, update on business_profile, held_profile to "${runtime}";
