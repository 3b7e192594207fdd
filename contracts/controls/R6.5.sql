-- Documents in force that serve this rule, such as the workplace charter: read by everybody whom they are for, as R5.3 counts them. Sites in service
-- where somebody works or that have a zone in use: somebody went round one of their zones within six months (the control's interval); where no such
-- document is in force, each fails for that. What rounds found and nobody has put right: its day is not past.
select d.kind, d.id,
  a.lacking = 0 as holds,
  case when a.lacking > 0 then 'unread' when a.concerned > 0 then 'read' else 'nobody' end as why,
  d.state ->> 'owner' as owner,
  null::timestamptz as turns_at
from object d
cross join lateral (
  select count(*) as concerned,
    count(*) filter (where not exists (
      select from object k
      where k.kind = 'acknowledgement' and k.state @> jsonb_build_object('document', d.id::text, 'account', p.state ->> 'subject')
        and number(k.state, 'number') >= number(d.state, 'acknowledgeFrom')
    )) as lacking
  from object p
  where p.kind = 'person' and p.state ->> 'state' = 'ACTIVE'
    and (coalesce(d.state #>> '{audience,everyone}', 'true') = 'true' or exists (
      select from object h
      left join object b on b.kind = 'business-profile' and b.id = ref(h.state, 'profile')
      where h.kind = 'profile-assignment' and h.state @> jsonb_build_object('person', p.id::text, 'state', 'CURRENT')
        and coalesce(lower((d.state #> '{audience,profiles}')::text)::jsonb ? lower(b.state ->> 'name'), true)
    ))
) a
where d.kind = 'document' and d.state @> '{"state": "IN_FORCE", "rules": ["R6.5"]}'
union all
select s.kind, s.id,
  coalesce(charter.is_there and rounds.until > :now, false),
  case
    when not charter.is_there then 'no-charter'
    when rounds.until > :now then 'gone-round'
    when rounds.until is null then 'never-gone-round'
    else 'round-overdue'
  end,
  s.state ->> 'owner',
  case when charter.is_there then rounds.until end
from object s
cross join (
  select exists (select from object c where c.kind = 'document' and c.state @> '{"state": "IN_FORCE", "rules": ["R6.5"]}') as is_there
) charter
cross join lateral (
  select morning((max(day(i.state, 'inspectedOn')) + interval '6 months')::date) as until
  from object z
  join object i on i.kind = 'inspection' and i.state @> jsonb_build_object('zone', z.id::text)
  where z.kind = 'physical-zone' and z.state @> jsonb_build_object('site', s.id::text)
) rounds
where s.kind = 'asset' and s.state @> '{"kind": "PREMISES", "state": "IN_SERVICE"}'
  and (
    exists (select from object p where p.kind = 'person' and p.state @> jsonb_build_object('site', s.id::text, 'state', 'ACTIVE'))
    or exists (
      select from object z
      where z.kind = 'physical-zone' and z.state @> jsonb_build_object('site', s.id::text) and not z.state @> '{"closed": true}'
    ))
union all
select f.kind, f.id,
  coalesce(due.late_at > :now, false),
  case when due.late_at > :now then 'finding-in-time' else 'finding-overdue' end,
  f.state ->> 'assignee',
  due.late_at
from object f
cross join lateral (select morning(day(f.state, 'dueOn') + 1) as late_at) due
where f.kind = 'inspection-finding' and not f.state ? 'resolvedAt'
