-- Feeds of documents beside those of news, and which version of each document was taken in.
alter table feed add column format text not null default 'NEWS';
create table feed_document (
  feed_id    uuid        not null references feed,
  url        text        not null,
  changed_at timestamptz not null,
  primary key (feed_id, url)
);
grant select, insert, update on feed_document to "${runtime}";
