-- Critical functions that are not retired: each of what they depend on has a peer, and the last test of its taking over passed and is not due
-- again (policy/continuity.json). What one depends on was told, or nothing is known of its stand-ins.
select f.kind, f.id,
  coalesce(proof.dependencies > 0 and not proof.alone and not proof.unproven and proof.due_at > :now, false) as holds,
  case
    when proof.dependencies = 0 then 'no-dependency'
    when proof.alone then 'no-peer'
    when proof.unproven then 'not-proven'
    when proof.due_at > :now then 'proven'
    else 'test-overdue'
  end as why,
  f.state ->> 'owner' as owner,
  nullif(proof.due_at, '-infinity') as turns_at
from object f
cross join lateral (
  select count(*) as dependencies, bool_or(ref(d.state, 'peer') is null) as alone, bool_or(not d.state @> '{"passed": true}') as unproven,
    min(coalesce(moment(d.state, 'testDueAt'), '-infinity')) as due_at
  from (select jsonb_path_query(f.state, '$.dependencies.*') as state) d
) proof
where f.kind = 'critical-function' and not f.state ? 'retiredAt'
