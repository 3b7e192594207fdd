-- A change of manager, of site or of both that is told ahead of its day.
alter table person
  add column moves_on        date,
  add column next_manager_id uuid,
  add column next_site_id    uuid,
  add column move_refused_at timestamptz,
  add column move_problem    text,
  add check ((moves_on is null) = (coalesce(next_manager_id, next_site_id) is null)),
  add check ((move_refused_at is null) = (move_problem is null)),
  add check (move_refused_at is null or moves_on is not null);
create index person_to_move on person (moves_on, id)
  where moves_on is not null and move_refused_at is null;
create index person_move_refused on person (move_refused_at, id) where move_refused_at is not null;
