-- What is excepted until a time that somebody approved: from a rule, from backups, from a rule of protection, from duties kept apart, and flaws and
-- findings of scans that are accepted. A flaw whose acceptance counts is overdue later than it is due (as R11.15 counts it).
select x.kind, x.id, 1 as amount, x.event
from object x
where x.kind in ('control-exception', 'backup-exception', 'posture-exemption')
    and x.state ->> 'stage' = 'APPROVED' and moment(x.state, 'endsAt') > :now
  or x.kind = 'duty-conflict' and x.state ->> 'state' = 'EXCEPTED' and moment(x.state, 'exceptedUntil') > :now
  or x.kind = 'scan-finding' and x.state ->> 'state' = 'ACCEPTED' and moment(x.state, 'acceptedUntil') > :now
  or x.kind = 'vulnerability' and x.state ->> 'state' in ('TO_ASSESS', 'UNDER_INVESTIGATION', 'AFFECTED')
    and moment(x.state, 'overdueAt') > :now and moment(x.state, 'overdueAt') > moment(x.state, 'dueAt')
