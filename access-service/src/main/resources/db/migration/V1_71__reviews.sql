-- Rounds of reviews, their items, and every answer that was given.
create table campaign (
  id                 uuid primary key,
  version            bigint      not null,
  event_number       bigint      not null,
  published_state    text        not null,
  name               text        not null,
  scope              text        not null,
  reviewers          text        not null,
  opens_at           timestamptz not null,
  answer_within_days int         not null,
  grace_days         int         not null,
  every_months       int         not null,
  state              text        not null,
  planned_by         text        not null,
  planned_at         timestamptz not null,
  planned_reason     text,
  opened_at          timestamptz,
  due_at             timestamptz,
  grace_until        timestamptz,
  items              bigint      not null,
  opening_event      uuid,
  ended_by           text,
  ended_at           timestamptz,
  ended_reason       text,
  ending_event       uuid
);
create index campaign_state on campaign (state, id);
create index campaign_to_open on campaign (opens_at) where state = 'PLANNED';

create table review (
  id              uuid primary key,
  version         bigint   not null,
  event_number    bigint   not null,
  published_state text     not null,
  campaign_id     uuid     not null references campaign,
  right_id        uuid     not null references access_right,
  person_id       uuid     not null references person,
  entitlement_id  uuid     not null references entitlement,
  stage           int not null,
  stages          int not null,
  reviewer_id     uuid references person,
  second_id       uuid references person,
  state           text     not null,
  confirmed_at    timestamptz,
  unique (campaign_id, right_id)
);
create index review_reviewer on review (campaign_id, reviewer_id, state, id);
create index review_page on review (campaign_id, id);
create index review_right on review (right_id) where state = 'PENDING';
create index review_unconfirmed on review (campaign_id, id) where state = 'REVOKED' and confirmed_at is null;
create index review_waiting on review (reviewer_id) where state = 'PENDING';
create index review_second on review (second_id) where state = 'PENDING' and second_id is not null;

-- By the id of the answer's event, by which the log has its receipt.
create table review_answer (
  id          uuid primary key,
  review_id   uuid        not null references review,
  stage       int    not null,
  verdict     text        not null,
  reason      text,
  until_at    timestamptz,
  delegate_id uuid references person,
  answered_by text        not null,
  answered_at timestamptz not null
);
create index review_answer_review on review_answer (review_id, id);

-- Who was told what of which campaign: nobody is twice. The zero id is the mailbox of a role.
create table review_notice (
  campaign_id uuid        not null references campaign,
  occasion    text        not null,
  recipient   uuid        not null,
  noticed_at  timestamptz not null,
  primary key (campaign_id, occasion, recipient)
);

-- Nothing is ever deleted: who certified what, and why, stays known.
grant select, insert, update on campaign, review to "${runtime}";
grant select, insert on review_answer, review_notice to "${runtime}";
