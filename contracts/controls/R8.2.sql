-- Suppliers that something is entrusted to: each clause that applies to what they do (policy/supplier-clauses.json) stands in a live
-- contract, or an exception allows for a time that it is missing. asset-service tells which are lacking when contracts or exceptions change, and on
-- the day that begins or ends one.
select s.kind, s.id,
  coalesce(s.state -> 'lackingClauses' = '[]', false) as holds,
  case
    when s.state -> 'lackingClauses' = '[]' then 'covered'
    when jsonb_typeof(s.state -> 'lackingClauses') = 'array' then 'clauses-lacking'
    else 'unknown'
  end as why,
  null::text as owner,
  null::timestamptz as turns_at
from object s
where s.kind = 'supplier' and s.state ->> 'state' in ('APPROVED', 'SUSPENDED')
