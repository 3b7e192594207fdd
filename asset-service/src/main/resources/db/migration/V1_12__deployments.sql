create table deployment (
  id              uuid primary key,
  version         bigint      not null,
  event_number    bigint      not null,
  published_state text        not null,
  asset           uuid        not null references asset,
  release         text        not null,
  environment     text        not null,
  commit_id       text        not null,
  repository      text        not null,
  author          uuid        not null,
  reviewer        uuid,
  emergency       text,
  pipeline        text        not null,
  run_url         text        not null,
  deployed_at     timestamptz not null,
  outcome         text        not null,
  review_due      timestamptz,
  reviewed_by     text,
  reviewed_at     timestamptz,
  review_findings text,
  reported_at     timestamptz not null,
  -- R11.16, whatever the program does.
  check (reviewer is null or reviewer <> author),
  check (reviewed_by is null or reviewed_by <> author::text),
  -- What a job reports twice is one deployment.
  unique (asset, environment, run_url)
);
create index deployment_asset on deployment (asset, id);
create index deployment_author on deployment (author, id);
create index deployment_deployed_at on deployment (deployed_at, id);
create index deployment_to_review on deployment (deployed_at, id) where review_due is not null;

grant select, insert, update on deployment to "${runtime}";
