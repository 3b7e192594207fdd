-- What was on an asset stays there when its levels fall. Of the time before this no more is known here than the levels it has now.
alter table asset add column highest_confidentiality int check (highest_confidentiality between 1 and 4);
