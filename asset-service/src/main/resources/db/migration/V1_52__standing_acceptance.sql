-- The acceptance that holds while a longer one is asked for.
alter table vulnerability
  add column standing_state text,
  add column standing_until timestamptz,
  add column standing_requested_by text,
  add column standing_requested_at timestamptz,
  add column standing_requested_reason text,
  add column standing_decided_by text,
  add column standing_decided_at timestamptz,
  add column standing_decided_reason text;
