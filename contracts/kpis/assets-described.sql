-- Assets in service, as the verdicts on R3.2 and R3.3 told: their own four levels, and an owner who works here.
select t.kind, t.object as id, bool_and(t.holds)::int as amount, 1 as whole, (array_agg(v.event order by t.holds, t.id desc))[1] as event
from verdict_turn t
left join verdict v on v.rule = t.rule and v.kind = t.kind and v.id = t.object
join (
  select max(l.id) as id from verdict_turn l where l.rule in ('R3.2', 'R3.3') and l.at <= :now group by l.rule, l.object
) last on last.id = t.id
where t.holds is not null
group by t.kind, t.object
