-- When what was reviewed was kept, of which the log is told with the answer (R4.7). Of answers of before, with the next snapshot.
alter table review add column certified_at timestamptz;
update review v set certified_at =
  (select max(a.answered_at) from review_answer a where a.review_id = v.id and a.verdict in ('CERTIFY', 'REDUCE'))
  where v.state in ('CERTIFIED', 'REDUCED');
