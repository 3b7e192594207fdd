-- What an object's entries have is in the log. Kept beside it is only who misses something: few, and not every object that ever was.
create table object_gap (
  source        text           not null collate "C",
  subject       text           not null collate "C",
  numbers       int8multirange not null,
  missing_since timestamptz    not null,
  primary key (source, subject)
);
insert into object_gap select source, subject, numbers, missing_since from object_number where missing_since is not null;
drop table object_number;

grant select, insert, update, delete on object_gap to "${runtime}";
