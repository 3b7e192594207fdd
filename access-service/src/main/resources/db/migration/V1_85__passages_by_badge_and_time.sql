-- Passages are asked for by badge and by time.
create index passage_badge on passage (badge_id, id);
create index passage_passed_at on passage (passed_at, id);
