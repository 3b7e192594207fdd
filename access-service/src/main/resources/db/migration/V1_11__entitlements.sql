-- What people can get, and the bundles of it that they get with what they do.
create table entitlement (
  id              uuid primary key,
  version         bigint not null,
  event_number    bigint not null,
  published_state text   not null,
  asset_id        uuid   not null,
  name            text   not null,
  type            text   not null,
  description     text,
  owner_id        uuid references person,
  sensitivity     text   not null,
  longest         text   not null,
  directory_kind  text,
  directory_name  text,
  courses         uuid[] not null default '{}',
  state           text   not null,
  retired_by      text,
  retired_at      timestamptz,
  retired_reason  text
);
create unique index entitlement_name on entitlement (asset_id, lower(name)) where state = 'ACTIVE';
create index entitlement_owner on entitlement (owner_id, id);

create table business_profile (
  id              uuid primary key,
  version         bigint not null,
  event_number    bigint not null,
  published_state text   not null,
  name            text   not null,
  description     text,
  entitlements    uuid[] not null,
  state           text   not null,
  retired_by      text,
  retired_at      timestamptz,
  retired_reason  text
);
create unique index business_profile_name on business_profile (lower(name)) where state = 'ACTIVE';
create index business_profile_entitlements on business_profile using gin (entitlements);

create table profile_assignment (
  id              uuid primary key,
  version         bigint      not null,
  event_number    bigint      not null,
  published_state text        not null,
  person_id       uuid        not null references person,
  profile_id      uuid        not null references business_profile,
  valid_from      timestamptz not null,
  valid_until     timestamptz,
  state           text        not null,
  assigned_by     text        not null,
  assigned_at     timestamptz not null,
  assigned_reason text,
  ended_by        text,
  ended_at        timestamptz,
  ended_reason    text
);
create index profile_assignment_person on profile_assignment (person_id, id);
create index profile_assignment_profile on profile_assignment (profile_id, id);
create index profile_assignment_to_begin on profile_assignment (valid_from) where state = 'PLANNED';
create index profile_assignment_to_end on profile_assignment (valid_until) where state <> 'ENDED';

-- Rights are on entitlements of the catalogue; those that were asked for by name get one.
insert into entitlement
  (id, version, event_number, published_state, asset_id, name, type, sensitivity, longest, state)
select uuidv7(), 0, 0, '{}', asset_id, min(entitlement), 'APPLICATION_ROLE', 'NORMAL', 'PT87672H', 'ACTIVE'
from access_right group by asset_id, lower(entitlement);

alter table access_right
  add column entitlement_id uuid references entitlement,
  add column ground         text    not null default 'REQUEST',
  add column profile_id     uuid references business_profile,
  add column withheld       boolean not null default false,
  alter column requested_by drop not null,
  alter column requested_at drop not null,
  alter column requested_reason drop not null;
update access_right r set entitlement_id = e.id from entitlement e
where e.asset_id = r.asset_id and lower(e.name) = lower(r.entitlement);
alter table access_right
  alter column entitlement_id set not null,
  alter column ground drop default,
  add constraint access_right_profile check ((ground = 'PROFILE') = (profile_id is not null));
drop index access_right_live;
create unique index access_right_live on access_right (person_id, entitlement_id, ground, profile_id)
  nulls not distinct where state in ('REQUESTED', 'APPROVED');
create index access_right_entitlement on access_right (entitlement_id, person_id);
create index access_right_profile on access_right (profile_id) where ground = 'PROFILE' and state = 'APPROVED';

-- What profiles give to whom now; the rights on the ground of profiles follow it.
create view profile_right as
select distinct a.person_id, a.profile_id, e.id as entitlement_id, e.asset_id, e.name as entitlement
from profile_assignment a
join person p on p.id = a.person_id and p.state = 'ACTIVE'
join business_profile b on b.id = a.profile_id and b.state = 'ACTIVE'
cross join lateral unnest(b.entitlements) as given(id)
join entitlement e on e.id = given.id and e.state = 'ACTIVE'
where a.state = 'CURRENT' and not exists
  (select from retired_asset o where o.asset_id = e.asset_id);

-- People whose rights are to be worked out again.
create table rights_due (
  person_id uuid primary key,
  since     timestamptz not null
);

grant select, insert, update on entitlement, business_profile, profile_assignment to "${runtime}";
grant select on profile_right to "${runtime}";
grant select, insert, delete on rights_due to "${runtime}";
