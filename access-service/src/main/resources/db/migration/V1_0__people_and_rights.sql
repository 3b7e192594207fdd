create table person (
  id               uuid primary key,
  version          bigint not null,
  event_number     bigint not null,
  published_state  text   not null,
  given_name       text   not null,
  family_name      text   not null,
  email            text   not null,
  subject          text,
  business_profile text   not null,
  joined_on        date   not null,
  state            text   not null,
  left_at          timestamptz,
  departure_reason text
);
-- For ever, leavers included: what an account or an address did in the past names one person (R4.4).
create unique index person_email on person (lower(email));
create unique index person_subject on person (subject);
create index person_state on person (state, id);

create table access_right (
  id                uuid primary key,
  version           bigint      not null,
  event_number      bigint      not null,
  published_state   text        not null,
  person_id         uuid        not null references person,
  asset_id          uuid        not null,
  entitlement       text        not null,
  valid_until       timestamptz,
  state             text        not null,
  requested_by      text        not null,
  requested_at      timestamptz not null,
  requested_reason  text        not null,
  decided_by        text,
  decided_at        timestamptz,
  decided_reason    text,
  revoked_by        text,
  revoked_at        timestamptz,
  revoked_reason    text
);
create unique index access_right_live on access_right (person_id, asset_id, lower(entitlement))
  where state in ('REQUESTED', 'APPROVED');
create index access_right_person on access_right (person_id, id);
create index access_right_asset on access_right (asset_id, id);
create index access_right_state on access_right (state, id);
create index access_right_to_decide on access_right (requested_at, id) where state = 'REQUESTED';
create index access_right_to_expire on access_right (valid_until) where state = 'APPROVED';

-- Nothing is ever deleted: who could do what, and who said so, stays known.
grant select, insert, update on person, access_right to "${runtime}";
