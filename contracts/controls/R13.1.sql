-- Playbooks: approved, and taken from a document in force, of which no later version asks to be read again, that each of those whom it is for has
-- acknowledged (as R5.3 counts them). From which version one is taken is known of those submitted since that is told. And, of all of them: every
-- category of incidents has one in force, but tests and what fits no category; there is one of a category at most.
select p.kind, p.id,
  v.why = 'known' as holds,
  v.why,
  d.state ->> 'owner' as owner,
  null::timestamptz as turns_at
from object p
cross join (
  select count(distinct c.state ->> 'category') as covered
  from object c
  where c.kind = 'playbook' and c.state ? 'inForce'
    and c.state ->> 'category' in (
      'ABUSIVE_CONTENT', 'AVAILABILITY', 'FRAUD', 'INFORMATION_CONTENT_SECURITY', 'INFORMATION_GATHERING', 'INTRUSIONS', 'INTRUSION_ATTEMPTS',
      'MALICIOUS_CODE', 'VULNERABLE')
) categories
left join object d on d.kind = 'document' and d.id = ref(p.state, 'document')
cross join lateral (
  select count(*) as concerned,
    count(*) filter (where not exists (
      select from object k
      where k.kind = 'acknowledgement' and k.state @> jsonb_build_object('document', d.id::text, 'account', n.state ->> 'subject')
        and number(k.state, 'number') >= number(d.state, 'acknowledgeFrom')
    )) as lacking
  from object n
  where d.id is not null and n.kind = 'person' and n.state ->> 'state' = 'ACTIVE'
    and (coalesce(d.state #>> '{audience,everyone}', 'true') = 'true' or exists (
      select from object h
      left join object b on b.kind = 'business-profile' and b.id = ref(h.state, 'profile')
      where h.kind = 'profile-assignment' and h.state @> jsonb_build_object('person', n.id::text, 'state', 'CURRENT')
        and coalesce(lower((d.state #> '{audience,profiles}')::text)::jsonb ? lower(b.state ->> 'name'), true)
    ))
) a
cross join lateral (
  select case
    when not p.state ? 'inForce' then 'not-approved'
    when not p.state ? 'document' then 'no-document'
    when d.state ->> 'state' is distinct from 'IN_FORCE' then 'document-not-in-force'
    when number(p.state, 'documentNumber') < number(d.state, 'acknowledgeFrom') then 'document-newer'
    when a.lacking > 0 or a.concerned = 0 then 'unread'
    when categories.covered < 9 then 'categories-missing'
    else 'known'
  end as why
) v
where p.kind = 'playbook'
