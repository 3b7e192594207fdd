-- Which incident a notice is about: who may not know of that one does not read it either.
alter table notice add column incident uuid;
update notice set incident = cast(cast(parameters as json) ->> 'incident' as uuid) where template in ('clock-due', 'clock-overdue');
