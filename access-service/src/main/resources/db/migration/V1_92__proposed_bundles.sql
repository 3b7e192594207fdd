-- What a bundle is to give when somebody else has approved that.
alter table business_profile
  add column proposed        uuid[] not null default '{}',
  add column proposed_by     text,
  add column proposed_at     timestamptz,
  add column proposed_reason text;
create index business_profile_proposed on business_profile (proposed_at, id) where proposed_at is not null;
