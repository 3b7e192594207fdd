-- What broke the rule when the exemption was asked for: another fact is not exempt. Empty where nothing was known;
-- null where the rule was kept, and for those of before, which cover whatever breaks it.
alter table posture_exemption add column found text;
