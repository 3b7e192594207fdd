-- The rules that were told last of which nothing is known. Of what is in service now it is told by the next look: all is judged anew.
alter table posture add column not_known text[];
update posture set judged_by = '' where in_service;
