-- Sites on their way to being closed.
create table site_closure (
  id              uuid primary key,
  version         bigint      not null,
  event_number    bigint      not null,
  published_state text        not null,
  site            uuid        not null references asset,
  closes_on       date        not null,
  reason          text        not null,
  stage           text        not null,
  announced_at    timestamptz not null
);
create unique index site_closure_open on site_closure (site) where stage = 'ANNOUNCED';
create index site_closure_waiting on site_closure (announced_at) where stage = 'ANNOUNCED';
grant select, insert, update on site_closure to "${runtime}";
