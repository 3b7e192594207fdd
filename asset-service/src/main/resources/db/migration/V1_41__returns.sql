-- What leavers have in hand is listed in the order in which they left.
create index departed_person_left on departed_person (left_at);
