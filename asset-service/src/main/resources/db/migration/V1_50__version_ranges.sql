-- Lists of versions that were kept though nobody can read them: an asterisk in a version is encoded,
-- and of what is too long for a range nothing is certain.
update affected_package
  set affected = regexp_replace(affected, '(?<!/)[*]', '%2A', 'g'),
      unaffected = regexp_replace(unaffected, '(?<!/)[*]', '%2A', 'g')
  where affected ~ '(?<!/)[*]' or unaffected ~ '(?<!/)[*]';
update affected_package set affected = 'vers:generic/>=0'
  where exists (select from regexp_split_to_table(affected, E'\n') line where length(line) > 100000);
update affected_package set unaffected = ''
  where exists (select from regexp_split_to_table(unaffected, E'\n') line where length(line) > 100000);
