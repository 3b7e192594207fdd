-- Assets that are backed up and have an objective for how old what a restore brings back may be (policy/restore-tests.json): 1 where their newest
-- good run whose copy no tool pruned was started longer ago than that, or there is none. Runs that nothing was told of for as long as the longest objective are too old for any.
select d.kind, d.id,
  (coalesce(run.started_at, '-infinity') + make_interval(secs => number(d.state, 'rpoObjectiveSeconds')) < :now)::int as amount, d.event
from object d
left join (
  select r.state ->> 'asset' as asset, max(moment(r.state, 'startedAt')) as started_at
  from object r
  where r.kind = 'backup-run' and r.state @> '{"outcome": "SUCCEEDED"}' and not r.state @> '{"recoveryPoint": "UNUSABLE"}' and not r.state ? 'prunedAt'
    and r.changed_at >= :now - make_interval(secs => (select max(number(l.state, 'rpoObjectiveSeconds')) from object l where l.kind = 'restore-duty'))
  group by r.state ->> 'asset'
) run on run.asset = d.id::text
where d.kind = 'restore-duty' and moment(d.state, 'dueAt') is not null and number(d.state, 'rpoObjectiveSeconds') is not null
