-- The rules that name a procedure, a plan or a charter ('documentNeeded' of the controls), each by its re-evaluation to come, as there is one of each
-- rule (R15.1): a document that serves it is approved and in force. Its owner answers for the rule.
select r.kind, r.id,
  d.is_in_force as holds,
  case when d.is_in_force then 'documented' when d.is_written then 'not-approved' else 'no-document' end as why,
  d.owner,
  null::timestamptz as turns_at
from object r
cross join lateral (
  select coalesce(bool_or(d.state ->> 'state' = 'IN_FORCE'), false) as is_in_force,
    coalesce(bool_or(d.state ->> 'state' = 'DRAFT'), false) as is_written,
    (array_agg(d.state ->> 'owner' order by d.state ->> 'state' = 'IN_FORCE' desc, d.id)
      filter (where d.state ->> 'state' in ('IN_FORCE', 'DRAFT')))[1] as owner
  from object d
  where d.kind = 'document' and d.state @> jsonb_build_object('rules', jsonb_build_array(r.state ->> 'rule'))
) d
where r.kind = 're-evaluation' and r.state ->> 'stage' = 'OPEN'
  and r.state ->> 'rule' in ('R3.4', 'R4.1', 'R5.1', 'R6.5', 'R7.3', 'R13.1', 'R13.3', 'R14.3', 'R14.4')
