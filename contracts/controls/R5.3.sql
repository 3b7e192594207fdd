-- Documents in force: each person who works here and whom the document is for acknowledged a version that counts. Whom a profile is held by says
-- its assignment. Whoever has no account has acknowledged nothing; a profile of which nothing is known may be one that is meant.
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
where d.kind = 'document' and d.state ->> 'state' = 'IN_FORCE'
