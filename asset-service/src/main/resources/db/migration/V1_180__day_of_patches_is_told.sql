-- When the operating system was last patched, as it was told last. Of what is in service now it is told by the next look: all is judged anew.
alter table posture add column patched_on date;
update posture set judged_by = '' where in_service;
