-- Assets that are backed up: since when a restore of each was last tested deep enough. One that never was has no amount.
select d.kind, d.id, extract(epoch from :now - moment(d.state, 'testedAt')) / 86400 as amount, d.event
from object d
where d.kind = 'restore-duty' and moment(d.state, 'dueAt') is not null
