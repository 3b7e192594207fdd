-- Numbers of which somebody said, for a reason, that their events will not come: those that a source gave, or those of the events of one object of it.
-- No two of the same have a number in common. Should one come all the same it is logged like any other, and what was said stays.
create table gap_acknowledgement (
  id              uuid        primary key,
  source          text        not null collate "C",
  subject         text        not null collate "C", -- the object; empty where the numbers are the source's own
  first           bigint      not null,
  last            bigint      not null,
  reason          text        not null,
  acknowledged_by text        not null,
  acknowledged_at timestamptz not null,
  check (first between 1 and last),
  unique (source, subject, first, last)
);
create trigger append_only before update or delete or truncate on gap_acknowledgement
  for each statement execute function refuse_change();
grant select, insert on gap_acknowledgement to "${runtime}";

create function acknowledged_numbers(of_source text, of_subject text) returns int8multirange language sql stable as $$
  select coalesce(range_agg(int8range(a.first, a.last, '[]')), '{}') from gap_acknowledgement a
  where a.source = of_source and a.subject = of_subject
$$;

-- Of the numbers up to the highest that was given or announced, those that are not logged, and that nobody said will not come.
create function open_numbers(of_source text, of_subject text, logged int8multirange, announced bigint)
returns int8multirange language sql stable as $$
  select int8multirange(int8range(1, greatest(announced, upper(logged) - 1) + 1)) - logged - acknowledged_numbers(of_source, of_subject)
$$;

-- As before (V1_252), and what was acknowledged is not told as missing.
create or replace function recount_sources(since timestamptz) returns void language sql as $$
  with numbered as (
    select source, source_number as number,
      source_number - dense_rank() over (partition by source order by source_number) as place
    from entry where source_number is not null),
  runs as (
    select source, int8range(min(number), max(number), '[]') as run from numbered group by source, place),
  logged as (select source, range_agg(run) as numbers from runs group by source),
  known as (
    select s.name, coalesce(l.numbers, '{}') as numbers,
      greatest(s.announced, upper(s.numbers) - 1, upper(l.numbers) - 1) as highest
    from source s left join logged l on l.source = s.name),
  counted as (
    select *, lower(open_numbers(name, '', numbers, highest)) as missing from known)
  update source s set numbers = c.numbers, announced = c.highest, first_missing = c.missing,
    missing_since = case when c.missing = s.first_missing then s.missing_since when c.missing is not null then since end
  from counted c where c.name = s.name
$$;
