-- Numbers of sources of which somebody said, for a reason, that their events will not come. No two of a source have a number in common.
-- Should one come all the same it is logged like any other, and what was said stays.
create table gap_acknowledgement (
  id              uuid        primary key,
  source          text        not null collate "C",
  first           bigint      not null,
  last            bigint      not null,
  reason          text        not null,
  acknowledged_by text        not null,
  acknowledged_at timestamptz not null,
  check (first between 1 and last),
  unique (source, first, last)
);
create trigger append_only before update or delete or truncate on gap_acknowledgement
  for each statement execute function refuse_change();
grant select, insert on gap_acknowledgement to "${runtime}";

create function acknowledged_numbers(of_source text) returns int8multirange language sql stable as $$
  select coalesce(range_agg(int8range(a.first, a.last, '[]')), '{}') from gap_acknowledgement a where a.source = of_source
$$;

-- What a source gave or announced, is not logged, and nobody said will not come.
create function open_numbers(s source) returns int8multirange language sql stable as $$
  select int8multirange(int8range(1, greatest(s.announced, upper(s.numbers) - 1) + 1)) - s.numbers - acknowledged_numbers(s.name)
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
    select *, lower(int8multirange(int8range(1, highest + 1)) - numbers - acknowledged_numbers(name)) as missing from known)
  update source s set numbers = c.numbers, announced = c.highest, first_missing = c.missing,
    missing_since = case when c.missing = s.first_missing then s.missing_since when c.missing is not null then since end
  from counted c where c.name = s.name
$$;
