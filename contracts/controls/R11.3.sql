-- Applications in production: the pipeline reported its last deployment there, which always names release and commit, and somebody has the account of
-- its author. Deployments before it, and what is configured by hand, are not asked for.
select a.kind, a.id,
  coalesce(last.is_somebodys, false) as holds,
  case when last.is_somebodys then 'reported' when last.is_somebodys is null then 'never-reported' else 'author-unknown' end as why,
  a.state ->> 'owner' as owner,
  null::timestamptz as turns_at
from object a
left join lateral (
  select exists (
    select from object p where p.kind = 'person' and p.state @> jsonb_build_object('subject', d.state ->> 'author')
  ) as is_somebodys
  from object d
  where d.kind = 'deployment' and d.state @> jsonb_build_object('asset', a.id::text, 'environment', 'production')
  order by moment(d.state, 'deployedAt') desc nulls last, d.id desc
  limit 1
) last on true
where a.kind = 'asset' and a.state @> '{"kind": "APPLICATION", "state": "IN_SERVICE", "production": true}'
