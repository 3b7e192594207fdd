-- Flaws in what is installed that are not dealt with: since when each was found. What was accepted for a time is there all the same.
select v.kind, v.id, extract(epoch from :now - moment(v.state, 'foundAt')) / 86400 as amount, v.event
from object v
where v.kind = 'vulnerability' and v.state ->> 'state' in ('TO_ASSESS', 'UNDER_INVESTIGATION', 'AFFECTED')
