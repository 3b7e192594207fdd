-- Has table source hold, of each source, the numbers that the entries have which there are. What it knew of beyond those was given, and
-- is missing from then on like any other. A succession asks for it. Runs are found first: of a hundred million numbers few ranges are made.
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
    select *, lower(int8multirange(int8range(1, highest + 1)) - numbers) as missing from known)
  update source s set numbers = c.numbers, announced = c.highest, first_missing = c.missing,
    missing_since = case when c.missing = s.first_missing then s.missing_since when c.missing is not null then since end
  from counted c where c.name = s.name
$$;

-- Logs that succeeded another before this release: their sources have the numbers of what was lost. Who appends waits.
do $$
begin
  if exists (select from log_origin) then
    perform size from head for update;
    perform recount_sources(now());
  end if;
end
$$;
